#include "storage/catalog/tagged.hpp"

#include <bit>
#include <limits>

namespace mediad::storage {
namespace {

constexpr unsigned bits_a_group = 7;
constexpr unsigned char more = 0x80;

/// A field off the front of some fields.
struct field {
  field_tag tag = 0;
  std::string_view content;
  std::string_view all; ///< The whole field, with tag and length.
};

std::optional<field> take_field(std::string_view& in) {
  const auto before = in;
  const auto tag = take_varint(in);
  if (!tag || *tag == 0 || *tag >= std::numeric_limits<field_tag>::max())
    return std::nullopt;
  const auto content = take_content(in);
  if (!content)
    return std::nullopt;
  return field{static_cast<field_tag>(*tag), *content, before.substr(0, before.size() - in.size())};
}

} // namespace

void write_varint(std::string& out, std::uint64_t n) {
  for (; n >= more; n >>= bits_a_group)
    out += static_cast<char>((n & (more - 1U)) | more);
  out += static_cast<char>(n);
}

std::optional<std::uint64_t> take_varint(std::string_view& in) {
  std::uint64_t n = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += bits_a_group) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    const std::uint64_t group = byte & (more - 1U);
    if ((group << shift) >> shift != group || (byte == 0 && shift > 0))
      return std::nullopt;
    n |= group << shift;
    if (byte < more)
      return n;
  }
  return std::nullopt;
}

std::optional<std::string_view> take_content(std::string_view& in) {
  const auto length = take_varint(in);
  if (!length || *length > in.size())
    return std::nullopt;
  const auto content = in.substr(0, static_cast<std::size_t>(*length));
  in.remove_prefix(content.size());
  return content;
}

void write_number(std::string& out, std::uint64_t n) {
  for (; n != 0; n >>= 8U)
    out += static_cast<char>(n & 0xFFU);
}

std::optional<std::uint64_t> read_number(std::string_view content) {
  if (content.size() > sizeof(std::uint64_t) || (!content.empty() && content.back() == 0))
    return std::nullopt;
  std::uint64_t n = 0;
  for (auto i = content.size(); i-- > 0;)
    n = (n << 8U) | static_cast<unsigned char>(content[i]);
  return n;
}

void write_real(std::string& out, double x) {
  auto bits = std::bit_cast<std::uint64_t>(x);
  for (std::size_t i = 0; i < sizeof bits; ++i, bits >>= 8U)
    out += static_cast<char>(bits & 0xFFU);
}

std::optional<double> read_real(std::string_view content) {
  std::uint64_t bits = 0;
  if (content.size() != sizeof bits)
    return std::nullopt;
  for (auto i = content.size(); i-- > 0;)
    bits = (bits << 8U) | static_cast<unsigned char>(content[i]);
  return std::bit_cast<double>(bits);
}

void field_writer::write(field_tag tag, std::string_view content) {
  // What is unknown was read by this program, so it is sound and none of it has a tag of ours.
  while (!unknown_.empty()) {
    auto rest = unknown_;
    const auto next = take_field(rest);
    if (!next || next->tag >= tag)
      break;
    out_ += next->all;
    unknown_ = rest;
  }
  write_varint(out_, tag);
  write_varint(out_, content.size());
  out_ += content;
}

std::optional<std::string_view> field_reader::take(field_tag tag) {
  while (!rest_.empty() && !is_damaged_) {
    auto behind = rest_;
    const auto next = take_field(behind);
    if (!next || next->tag <= last_) {
      is_damaged_ = true;
      break;
    }
    if (next->tag > tag)
      break;
    last_ = next->tag;
    rest_ = behind;
    if (next->tag == tag)
      return next->content;
    unknown_ += next->all;
  }
  return std::nullopt;
}

std::optional<std::string> field_reader::finish() {
  static_cast<void>(take(std::numeric_limits<field_tag>::max()));
  if (is_damaged_ || !rest_.empty())
    return std::nullopt;
  return std::move(unknown_);
}

} // namespace mediad::storage
