#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/readers.hpp"
#include "media/image/readers/rows.hpp"

#include <charconv>
#include <optional>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

/// A file of Netpbm (pbm(5), pgm(5), ppm(5), pam(5)).
struct pnm_header {
  extent size;
  unsigned depth = 0; ///< Values of a pixel: gray, gray and alpha, RGB, RGB and alpha.
  std::uint32_t most = 1;
  bool is_text = false;
  bool is_bits = false; ///< Eight pixels a byte, or a digit each; 1 is black.

  std::size_t value_bytes() const {
    return most > 255 ? 2 : 1;
  }
  std::size_t row_bytes() const {
    return is_bits ? (std::size_t{size.width} + 7) / 8
                   : std::size_t{size.width} * depth * value_bytes();
  }
  bool has_alpha() const {
    return depth == 2 || depth == 4;
  }
};

/// Words between white space; comments go from # to the end of the line.
class words {
public:
  explicit words(std::string_view text) : rest_{text} {}

  std::string_view next() {
    skip_space();
    auto end = rest_.find_first_of(" \t\n\r\f\v#");
    end = std::min(end, rest_.size());
    const auto word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  /// 0 for a word that is no number.
  std::uint32_t number() {
    const auto word = next();
    std::uint32_t value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    return read.ec == std::errc{} && read.ptr == word.data() + word.size() ? value : 0;
  }
  /// The next digit alone: the pixels of a pbm need no space between them.
  std::optional<unsigned> digit() {
    skip_space();
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9')
      return std::nullopt;
    const auto value = static_cast<unsigned>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return value;
  }
  std::optional<std::uint32_t> value() {
    skip_space();
    std::uint32_t value = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (read.ec != std::errc{})
      return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    return value;
  }
  std::string_view rest() const {
    return rest_;
  }
  void skip_line() {
    rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  }

private:
  void skip_space() {
    while (!rest_.empty()) {
      if (rest_.front() == '#')
        skip_line();
      else if (" \t\n\r\f\v"sv.find(rest_.front()) == std::string_view::npos)
        return;
      else
        rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
};

// The header of P7, a word and its value a line (pam(5)).
void parse_pam(words& text, pnm_header& header) {
  constexpr int max_lines = 100;
  for (int i = 0; i < max_lines; ++i) {
    const auto word = text.next();
    if (word == "WIDTH")
      header.size.width = text.number();
    else if (word == "HEIGHT")
      header.size.height = text.number();
    else if (word == "DEPTH")
      header.depth = text.number();
    else if (word == "MAXVAL")
      header.most = text.number();
    else if (word == "TUPLTYPE")
      text.skip_line(); // the depth says as much
    else
      return; // ENDHDR
  }
}

result<pnm_header> parse(words& text) {
  const auto magic = text.next();
  if (magic.size() != 2 || magic[0] != 'P' || magic[1] < '1' || magic[1] > '7')
    return fail(errc::corrupt_media, "PNM: no header");
  const auto kind = magic[1] - '0';
  pnm_header h;
  if (kind == 7) {
    parse_pam(text, h);
  } else {
    h.is_text = kind <= 3;
    h.is_bits = kind == 1 || kind == 4;
    h.depth = kind == 3 || kind == 6 ? 3 : 1;
    h.size.width = text.number();
    h.size.height = text.number();
    if (!h.is_bits)
      h.most = text.number();
  }
  if (h.most == 0 || h.most > 65'535 || h.depth == 0 || h.depth > 4)
    return fail(errc::corrupt_media, "PNM: an unknown kind of pixel");
  return h;
}

std::uint8_t scaled(std::uint32_t value, std::uint32_t most) {
  return static_cast<std::uint8_t>((std::min(value, most) * 255ULL + most / 2) / most);
}

// Writes one pixel of @p values.
std::uint8_t* put(std::uint8_t* to, const std::array<std::uint8_t, 4>& values,
                  const pnm_header& h) {
  for (std::size_t c = 0; c < 3; ++c)
    *to++ = values.at(h.depth < 3 ? 0 : c);
  if (h.has_alpha())
    *to++ = values.at(h.depth - 1);
  return to;
}

// Returns false if the file ends within the row.
bool read_text_row(words& text, const pnm_header& header, std::uint8_t* to) {
  for (std::uint32_t x = 0; x < header.size.width; ++x) {
    std::array<std::uint8_t, 4> values{};
    for (unsigned c = 0; c < header.depth; ++c) {
      const auto value = header.is_bits ? text.digit() : text.value();
      if (!value)
        return false;
      values.at(c) = header.is_bits ? (*value == 0 ? 255 : 0) : scaled(*value, header.most);
    }
    to = put(to, values, header);
  }
  return true;
}

void read_row(std::string_view row, const pnm_header& header, std::uint8_t* to) {
  const auto wide = header.value_bytes();
  for (std::uint32_t x = 0; x < header.size.width; ++x) {
    std::array<std::uint8_t, 4> values{};
    if (header.is_bits) {
      const auto byte = static_cast<unsigned>(static_cast<std::uint8_t>(row[x / 8]));
      values[0] = (byte >> (7 - x % 8) & 1U) == 0 ? 255 : 0;
    } else {
      for (unsigned c = 0; c < header.depth; ++c)
        values.at(c) = scaled(static_cast<std::uint32_t>(
                                big_endian(row, (std::size_t{x} * header.depth + c) * wide, wide)),
                              header.most);
    }
    to = put(to, values, header);
  }
}

} // namespace

result<stored_image> read_pnm(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  words text{mapped->text()};
  const auto header = parse(text);
  if (!header)
    return fail(header.error());
  stored_image image;
  image.full = header->size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  auto packed = text.rest();
  packed.remove_prefix(std::min<std::size_t>(1, packed.size())); // a single white space
  bool has_ended = false;
  const auto read = [&](std::uint32_t y, std::uint8_t* to) {
    if (header->is_text) {
      has_ended = has_ended || !read_text_row(text, *header, to);
      return !has_ended;
    }
    const auto at = std::uint64_t{y} * header->row_bytes();
    if (at > packed.size() || packed.size() - at < header->row_bytes())
      return false;
    read_row(packed.substr(at, header->row_bytes()), *header, to);
    return true;
  };
  auto rows =
    collect_rows(image.full, header->has_alpha() ? 4 : 3, wanted.factor(image.full, 1), read);
  if (auto taken = take_rows(std::move(rows), image); !taken)
    return fail(taken.error());
  return image;
}

} // namespace mediad::media
