#include "media/bytes/file_bytes.hpp"
#include "media/image/deep/deep_image.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

std::uint32_t number(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes, at, 4));
}

// The SIZ marker follows the start of the code stream at once (ISO/IEC 15444-1, A.5.1).
extent jpeg2000_size(std::string_view head) {
  const auto at = head.find("\xFF\x4F\xFF\x51"sv);
  if (at == std::string_view::npos)
    return {};
  const auto right = number(head, at + 8);
  const auto bottom = number(head, at + 12);
  const auto left = number(head, at + 16);
  const auto top = number(head, at + 20);
  return {right - std::min(left, right), bottom - std::min(top, bottom)};
}

} // namespace

extent claimed_size(std::string_view head, std::string_view media_type) {
  if (media_type == "image/jp2" || media_type == "image/j2c")
    return jpeg2000_size(head);
  return {};
}

} // namespace mediad::media
