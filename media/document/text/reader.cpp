#include "media/document/text/reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

namespace mediad::media {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::uint32_t byte_order_mark = 0xFEFF;

// 0x80..0x9F of Windows-1252 (https://encoding.spec.whatwg.org/index-windows-1252.txt).
constexpr std::array<std::uint16_t, 32> windows_1252_high{
  0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
  0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
  0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool is_surrogate(std::uint32_t unit, std::uint32_t first) {
  return unit >= first && unit < first + 0x400;
}

// How long the UTF-8 character that begins with @p lead is; 0 for a byte that begins none.
std::size_t utf8_length(unsigned lead) {
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

struct decoded {
  std::uint32_t code_point = replacement;
  std::size_t bytes = 0; ///< 0: the rest of the character is still to come.
};

decoded take_utf8(std::string_view bytes) {
  const auto length = utf8_length(byte_at(bytes, 0));
  if (length == 1)
    return {byte_at(bytes, 0), 1};
  if (length == 0)
    return {replacement, 1};
  for (std::size_t i = 1; i < std::min(length, bytes.size()); ++i)
    if ((byte_at(bytes, i) & 0xC0U) != 0x80)
      return {replacement, 1};
  if (bytes.size() < length)
    return {};
  // It finds what is left to find: overlong forms, surrogates, beyond U+10FFFF.
  const auto code_point = g_utf8_get_char_validated(bytes.data(), static_cast<gssize>(length));
  return code_point > 0x10FFFF ? decoded{replacement, 1} : decoded{code_point, length};
}

decoded take_utf16(std::string_view bytes, bool little) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    return little ? byte_at(bytes, i) | byte_at(bytes, i + 1) << 8U
                  : byte_at(bytes, i) << 8U | byte_at(bytes, i + 1);
  };
  if (bytes.size() < 2)
    return {};
  const auto high = unit(0);
  if (is_surrogate(high, 0xDC00))
    return {replacement, 2};
  if (!is_surrogate(high, 0xD800))
    return {high, 2};
  if (bytes.size() < 4)
    return {};
  const auto low = unit(2);
  if (!is_surrogate(low, 0xDC00))
    return {replacement, 2};
  return {0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00), 4};
}

decoded take_windows_1252(std::string_view bytes) {
  const auto byte = byte_at(bytes, 0);
  return {byte >= 0x80 && byte < 0xA0 ? windows_1252_high.at(byte - 0x80) : byte, 1};
}

// UTF-16 of a western text has a NUL in nearly every second byte, and never in the other.
bool looks_utf16(std::string_view sample, bool little) {
  std::size_t high_nuls = 0;
  std::size_t low_nuls = 0;
  for (std::size_t i = 0; i + 1 < sample.size(); i += 2) {
    low_nuls += sample[i + (little ? 0 : 1)] == '\0' ? 1 : 0;
    high_nuls += sample[i + (little ? 1 : 0)] == '\0' ? 1 : 0;
  }
  return high_nuls * 2 > sample.size() / 2 && low_nuls * 20 < high_nuls;
}

// One slip does not make a text another encoding: the majority of its longer characters decides.
bool looks_utf8(std::string_view sample) {
  std::size_t good = 0;
  std::size_t bad = 0;
  while (!sample.empty()) {
    const auto next = take_utf8(sample);
    if (next.bytes == 0)
      break;
    good += next.bytes > 1 ? 1 : 0;
    bad += next.bytes == 1 && byte_at(sample, 0) >= 0x80 ? 1 : 0;
    sample.remove_prefix(next.bytes);
  }
  return bad == 0 || good > bad;
}

result<std::string> read_block(int fd, std::uint64_t offset) {
  std::string block(block_bytes, '\0');
  for (;;) {
    const auto got = ::pread(fd, block.data(), block.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fail_errno(errno, "pread");
    block.resize(static_cast<std::size_t>(got));
    return block;
  }
}

} // namespace

text_encoding guess_encoding(std::string_view sample) {
  if (sample.substr(0, 3) == "\xEF\xBB\xBF")
    return text_encoding::utf8;
  if (sample.substr(0, 2) == "\xFF\xFE")
    return text_encoding::utf16le;
  if (sample.substr(0, 2) == "\xFE\xFF")
    return text_encoding::utf16be;
  if (looks_utf16(sample, true))
    return text_encoding::utf16le;
  if (looks_utf16(sample, false))
    return text_encoding::utf16be;
  return looks_utf8(sample) ? text_encoding::utf8 : text_encoding::windows_1252;
}

void text_decoder::add(std::string_view bytes, std::string& out) {
  // Finish the character that the last piece began, byte by byte, before the quick way.
  while (!carry_.empty() && !bytes.empty()) {
    carry_ += bytes.front();
    bytes.remove_prefix(1);
    std::string begun;
    begun.swap(carry_);
    const auto used = take(begun, out);
    carry_ = begun.substr(used);
  }
  const auto used = take(bytes, out);
  carry_ += bytes.substr(used);
}

void text_decoder::finish(std::string& out) {
  if (!carry_.empty())
    put(replacement, out);
  carry_.clear();
}

std::size_t text_decoder::take_ascii(std::string_view bytes, std::string& out) {
  if (encoding_ == text_encoding::utf16le || encoding_ == text_encoding::utf16be)
    return 0;
  const auto* const end =
    std::find_if_not(bytes.begin(), bytes.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  const auto count = static_cast<std::size_t>(end - bytes.begin());
  out.append(bytes.substr(0, count));
  if (count > 0)
    after_return_ = at_start_ = false;
  return count;
}

std::size_t text_decoder::take(std::string_view bytes, std::string& out) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    at += take_ascii(bytes.substr(at), out); // most of most texts, and quickly
    if (at == bytes.size())
      break;
    const auto rest = bytes.substr(at);
    const auto next = encoding_ == text_encoding::utf8 ? take_utf8(rest)
                      : encoding_ == text_encoding::windows_1252
                        ? take_windows_1252(rest)
                        : take_utf16(rest, encoding_ == text_encoding::utf16le);
    if (next.bytes == 0)
      break;
    put(next.code_point, out);
    at += next.bytes;
  }
  return at;
}

void text_decoder::put(std::uint32_t code_point, std::string& out) {
  const bool second_of_pair = after_return_ && code_point == '\n';
  const bool mark = at_start_ && code_point == byte_order_mark;
  after_return_ = code_point == '\r';
  at_start_ = false;
  if (second_of_pair || mark)
    return;
  if (code_point == '\r' || code_point == '\n')
    out += '\n';
  else if (code_point >= 0x20 && code_point < 0x7F)
    out += static_cast<char>(code_point);
  else if (code_point == '\t' || code_point == '\f')
    out += static_cast<char>(code_point);
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
  const auto sample = read_block(opened->get(), 0);
  if (!sample)
    return fail(sample.error());
  return text_reader{std::move(*opened), guess_encoding(*sample)};
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
