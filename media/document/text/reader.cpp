#include "media/document/text/reader.hpp"

#include "media/text/guess.hpp"

#include <array>
#include <fcntl.h>
#include <glib.h>

namespace mediad::media {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr char32_t byte_order_mark = 0xFEFF;

bool is_high_surrogate(char16_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

result<std::string> read_block(int fd, std::uint64_t offset) {
  std::string block(block_bytes, '\0');
  const auto got = read_at(fd, block, offset, "pread");
  if (!got)
    return fail(got.error());
  block.resize(*got);
  return block;
}

// Takes the last character of a line back: what a backspace means to a printer, which sets bold
// letters by striking them twice.
void take_back(std::string& out) {
  const auto* last = g_utf8_find_prev_char(out.data(), out.data() + out.size());
  if (last != nullptr && *last != '\n')
    out.resize(static_cast<std::size_t>(last - out.data()));
}

// The charset of a text shows where it is more than ASCII: in a log that may be far down.
result<std::string> find_charset(int fd) {
  constexpr std::uint64_t max_offset = 4U << 20U;
  for (std::uint64_t offset = 0; offset <= max_offset; offset += block_bytes) {
    const auto block = read_block(fd, offset);
    if (!block)
      return fail(block.error());
    const bool is_ascii = first_foreign(*block) == block->size();
    // Zeros and escapes of ASCII may be a charset, too, but begin at the start of a file.
    auto charset = is_ascii && offset > 0 ? std::string{"UTF-8"} : guess_charset(*block);
    if (!is_ascii || charset != "UTF-8" || block->size() < block_bytes)
      return charset;
  }
  return std::string{"UTF-8"};
}

} // namespace

void text_decoder::add(std::string_view bytes, std::string& out) {
  decoder_.add(bytes, decoded_);
  put_decoded(out);
}

void text_decoder::finish(std::string& out) {
  decoder_.finish(decoded_);
  put_decoded(out);
}

void text_decoder::put_decoded(std::string& out) {
  std::size_t at = 0;
  for (; at < decoded_.size(); ++at) {
    const auto unit = decoded_[at];
    if (!is_high_surrogate(unit)) {
      put(unit, out);
      continue;
    }
    if (at + 1 == decoded_.size())
      break; // its other half comes with the next piece
    const auto low = decoded_[++at];
    put(0x10000 + ((char32_t{unit} - 0xD800) << 10U) + (char32_t{low} - 0xDC00), out);
  }
  decoded_.erase(0, at);
}

void text_decoder::put(char32_t code_point, std::string& out) {
  const bool second_of_pair = after_return_ && code_point == '\n';
  const bool mark = at_start_ && code_point == byte_order_mark;
  after_return_ = code_point == '\r';
  at_start_ = false;
  if (second_of_pair || mark)
    return;
  if (code_point == '\r' || code_point == '\n' || code_point == '\v')
    out += '\n';
  else if ((code_point >= 0x20 && code_point < 0x7F) || code_point == '\t' || code_point == '\f')
    out += static_cast<char>(code_point);
  else if (code_point == '\b')
    take_back(out);
  else if (code_point >= 0xA0) { // below are the C1 controls and DEL
    std::array<char, 6> bytes{};
    const auto length = g_unichar_to_utf8(code_point, bytes.data());
    out.append(bytes.data(), static_cast<std::size_t>(length));
  }
}

result<text_reader> text_reader::open(const opened_file& file) {
  auto opened = file.duplicate();
  if (!opened)
    return fail(opened.error());
  const auto charset = find_charset(opened->get());
  if (!charset)
    return fail(charset.error());
  return text_reader{std::move(*opened), *charset};
}

result<std::string> text_reader::next() {
  std::string piece;
  // A block may hold nothing but controls, which leave no text behind.
  while (piece.empty() && !ended_) {
    const auto block = read_block(fd_.get(), offset_);
    if (!block)
      return fail(block.error());
    offset_ += block->size();
    if (block->empty()) {
      ended_ = true;
      decoder_.finish(piece);
    } else {
      decoder_.add(*block, piece);
    }
  }
  return piece;
}

} // namespace mediad::media
