#include "media/bytes/boxes.hpp"

namespace mediad::media {

std::optional<box_header> parse_box_header(std::string_view bytes) {
  constexpr std::uint64_t is_in_64_bits = 1;
  if (bytes.size() < 8)
    return std::nullopt;
  box_header header{std::string{bytes.substr(4, 4)}, 8, big_endian(bytes, 0, 4)};
  if (header.bytes == is_in_64_bits) {
    header.header_bytes = max_box_header_bytes;
    header.bytes = big_endian(bytes, 8, 8);
  } else if (header.bytes == 0) {
    return header;
  }
  return header.bytes >= header.header_bytes ? std::optional{header} : std::nullopt;
}

std::optional<box> box_at(const file_bytes& file, std::uint64_t at, std::uint64_t end) {
  const auto header = parse_box_header(file.read(at, max_box_header_bytes));
  if (at >= end || !header || header->bytes > end - at)
    return std::nullopt;
  const auto bytes = header->bytes == 0 ? end - at : header->bytes;
  if (bytes < header->header_bytes)
    return std::nullopt;
  return box{header->type, at + header->header_bytes, at + bytes};
}

} // namespace mediad::media
