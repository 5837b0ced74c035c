#include "media/identify/sniffers.hpp"
#include "media/text/decoder.hpp"
#include "media/text/delimiters.hpp"
#include "media/text/guess.hpp"
#include "media/text/reading.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mediad::media {
namespace {

constexpr std::size_t odd_in = 100;

// One odd byte makes no text a binary file, so they are counted. Rests of a crash, such as a run of
// zeros in a log, count by themselves; so do bells, backspaces and the like.
bool is_pure_enough(const reading& read) {
  constexpr std::size_t odd_in_few = 8;
  constexpr std::size_t broken_in = 10;
  constexpr std::size_t moves_in = 3;
  return read.odd <= 1 + read.characters / odd_in && read.odd * odd_in_few <= read.characters
         && read.broken <= 1 + read.characters / broken_in
         && read.moves * moves_in <= read.characters;
}

// Whether is_pure_enough() will refuse @p bytes whatever their charset of bytes is, so that nobody
// need decode them: all charsets keep the controls of ASCII, but for the letters of VISCII (RFC
// 1456) and the shifts of ISO 2022.
bool is_surely_impure(std::string_view bytes) {
  constexpr std::string_view never_in_text =
    "\x01\x03\x04\x10\x11\x12\x13\x15\x16\x17\x18\x1C\x1D\x1F";
  std::array<bool, 256> is_odd{};
  for (const char c : never_in_text)
    is_odd[static_cast<unsigned char>(c)] = true;
  const auto odd = std::count_if(bytes.begin(), bytes.end(),
                                 [&](char c) { return is_odd[static_cast<unsigned char>(c)]; });
  return static_cast<std::size_t>(odd) > 1 + bytes.size() / odd_in;
}

bool has_few_zeros(const reading& read) {
  constexpr std::size_t one_in = 3;
  return read.nuls * one_in <= read.characters && read.nul_runs <= read.lines + 1;
}

// In a charset of bytes any byte is some letter. Text has words: letters that go together, and
// spaces between them. A few letters that do not go together are believed, too.
bool has_words(const reading& read) {
  constexpr std::size_t few_in = 3;
  constexpr std::size_t longest = 50;
  constexpr double reads_fairly = 0.5;
  return read.foreign * few_in <= read.characters
         || (read.plausibility() >= reads_fairly && (read.breaks + 1) * longest >= read.characters);
}

// The first bytes of a piece from the middle of a file may be the rest of a character: whole lines
// are surer. Pieces begin at multiples of four, which is enough for the wide charsets.
std::string_view whole_lines(std::string_view piece) {
  constexpr std::size_t longest = 4096;
  const auto end = piece.substr(0, longest).find('\n');
  return end == std::string_view::npos ? piece : piece.substr(end + 1);
}

/// The parts of a file that are looked at: its first bytes, and some of those further down, where a
/// program behind a script's first lines shows.
struct samples {
  std::string_view head;
  std::vector<std::string> others;

  explicit samples(const file_bytes& file) : head{file.head()} {
    constexpr std::uint64_t widest = 4;
    if (file.size() > head.size())
      for (const auto at : {file.size() / 2, file.size() - file_bytes::max_piece})
        others.push_back(file.read(at / widest * widest, file_bytes::max_piece));
  }

  // By the first part that is more than ASCII.
  std::string charset() const {
    if (first_foreign(head) == head.size())
      for (const auto& other : others)
        if (first_foreign(other) < other.size() && head.find('\0') == std::string_view::npos)
          return guess_charset(whole_lines(other));
    return guess_charset(head);
  }
};

// The text that @p file begins with, as UTF-8; none if it is no text.
std::optional<std::string> first_text(const file_bytes& file) {
  const samples parts{file};
  const auto charset = parts.charset();
  if (!is_wide(charset) && is_surely_impure(parts.head))
    return std::nullopt;
  const auto text = decoded(parts.head, charset);
  auto all = read_text(text);
  bool is_pure = is_pure_enough(all);
  for (const auto& part : parts.others) {
    const auto read =
      read_text(decoded(is_wide(charset) ? std::string_view{part} : whole_lines(part), charset));
    is_pure = is_pure && is_pure_enough(read);
    all += read;
  }
  if (!is_pure || !has_few_zeros(all) || (charset != "UTF-8" && !has_words(all)))
    return std::nullopt;
  return to_utf8(text);
}

std::string_view text_type(std::string_view text, bool is_cut) {
  switch (find_separator(text, is_cut)) {
  case '\0': return "text/plain";
  case '\t': return "text/tab-separated-values";
  default: return "text/csv";
  }
}

} // namespace

bool is_svg(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  // Before its root element stand at most a declaration, a document type and comments.
  constexpr std::size_t prologue_bytes = 4096;
  return head.starts_with("<svg")
         || ((head.starts_with("<?xml") || head.starts_with("<!"))
             && head.substr(0, prologue_bytes).find("<svg") != std::string_view::npos);
}

std::optional<identity> sniff_text(const file_bytes& file) {
  const auto text = file.size() == 0 ? std::nullopt : first_text(file);
  if (!text)
    return std::nullopt;
  if (is_svg(file.head()))
    return identity{profile::image, "image/svg+xml"};
  const bool is_cut = file.size() > file.head().size();
  return identity{profile::document, std::string{text_type(*text, is_cut)}};
}

} // namespace mediad::media
