#include "media/document/office/check_rtf.hpp"

#include <array>
#include <string>
#include <string_view>

namespace mediad::media::office {
namespace {

constexpr std::string_view signature = "{\\rtf";

// Word itself nests tables some 60 deep.
constexpr std::uint64_t max_depth = 1'000;

/// Counts open groups. Bytes come in pieces, cut anywhere.
class group_count {
public:
  /// @returns whether all is within the limit.
  bool add(std::string_view bytes) {
    for (const char c : bytes)
      if (!add(c))
        return false;
    return true;
  }

private:
  enum class state { text, control, word, number };

  bool add(char letter) {
    if (binary_left_ > 0) {
      --binary_left_;
      return true;
    }
    switch (state_) {
    case state::text: return on_text(letter);
    case state::control:
      word_.clear();
      number_ = 0;
      // A backslash before anything but a letter stands for that character or is a control symbol.
      state_ = is_letter(letter) ? state::word : state::text;
      if (state_ == state::word)
        word_ += letter;
      return true;
    case state::word:
      if (is_letter(letter)) {
        if (word_.size() < longest_word)
          word_ += letter;
        return true;
      }
      state_ = state::number;
      [[fallthrough]];
    case state::number:
      if (letter == '-' && number_ == 0)
        return true;
      if (letter >= '0' && letter <= '9') {
        number_ = number_ < largest_number ? number_ * 10 + static_cast<std::uint64_t>(letter - '0')
                                           : number_;
        return true;
      }
      state_ = state::text;
      // What follows the space behind \binN is N bytes of anything (section "Pictures").
      if (word_ == "bin")
        binary_left_ = letter == ' ' ? number_ : 0;
      return letter == ' ' || on_text(letter);
    }
    return true;
  }

  bool on_text(char c) {
    if (c == '\\')
      state_ = state::control;
    else if (c == '{')
      return ++depth_ <= max_depth;
    else if (c == '}' && depth_ > 0)
      --depth_;
    return true;
  }

  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static constexpr std::size_t longest_word = 32;
  static constexpr std::uint64_t largest_number = 1U << 31U;

  state state_ = state::text;
  std::string word_;
  std::uint64_t number_ = 0;
  std::uint64_t binary_left_ = 0;
  std::uint64_t depth_ = 0;
};

} // namespace

std::size_t begin_of_rtf(std::string_view head) {
  constexpr std::size_t max_before = 128;
  return head.substr(0, max_before).find(signature);
}

result<> check_rtf(const opened_file& file, const limits& max) {
  std::array<char, 64 * 1024> block{};
  group_count groups;
  for (std::uint64_t at = 0;;) {
    const auto got = read_at(file.descriptor(), block, at, "read the document");
    if (!got)
      return fail(got.error());
    const std::string_view bytes{block.data(), *got};
    if (at == 0 && begin_of_rtf(bytes) == std::string_view::npos)
      return {};
    if (bytes.empty())
      return {};
    at += bytes.size();
    if (at > max.max_markup_bytes)
      return fail(errc::too_large,
                  "more than " + std::to_string(max.max_markup_bytes) + " bytes of RTF");
    if (!groups.add(bytes))
      return fail(errc::too_large,
                  "groups of RTF nested more than " + std::to_string(max_depth) + " deep");
  }
}

} // namespace mediad::media::office
