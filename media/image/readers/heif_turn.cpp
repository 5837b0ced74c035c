#include "media/image/readers/heif_turn.hpp"

#include "media/bytes/boxes.hpp"

#include <algorithm>
#include <optional>

namespace mediad::media {
namespace {

// What is in the first box of @p type in @p bytes.
std::optional<std::string_view> content_of(std::string_view bytes, std::string_view type) {
  constexpr int max_boxes = 512;
  for (int i = 0; i < max_boxes; ++i) {
    const auto header = parse_box_header(bytes);
    if (!header)
      break;
    const auto length = header->bytes == 0 ? bytes.size() : header->bytes;
    if (length > bytes.size())
      break;
    if (header->type == type)
      return bytes.substr(header->header_bytes, length - header->header_bytes);
    bytes.remove_prefix(length);
  }
  return std::nullopt;
}

} // namespace

bool has_heif_turn(std::string_view bytes) {
  constexpr std::size_t full_box_bytes = 4; // version and flags
  const auto meta = content_of(bytes, "meta");
  if (!meta || meta->size() < full_box_bytes)
    return true;
  const auto properties = content_of(meta->substr(full_box_bytes), "iprp");
  const auto all = properties ? content_of(*properties, "ipco") : std::nullopt;
  return all && (content_of(*all, "irot") || content_of(*all, "imir"));
}

} // namespace mediad::media
