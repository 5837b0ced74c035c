#include "media/bytes/file_bytes.hpp"
#include "media/image/deep/deep_image.hpp"

#include <algorithm>
#include <cstdlib>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t count, bool is_big) {
  return static_cast<std::uint32_t>(is_big ? big_endian(bytes, at, count)
                                           : little_endian(bytes, at, count));
}

// The SIZ marker follows the start of the code stream at once (ISO/IEC 15444-1, A.5.1).
extent jpeg2000_size(std::string_view head) {
  const auto at = head.find("\xFF\x4F\xFF\x51"sv);
  if (at == std::string_view::npos)
    return {};
  const auto right = number(head, at + 8, 4, true);
  const auto bottom = number(head, at + 12, 4, true);
  const auto left = number(head, at + 16, 4, true);
  const auto top = number(head, at + 20, 4, true);
  return {right - std::min(left, right), bottom - std::min(top, bottom)};
}

extent bmp_size(std::string_view head) {
  constexpr std::uint32_t first_header_bytes = 12;
  if (number(head, 14, 4, false) == first_header_bytes)
    return {number(head, 18, 2, false), number(head, 20, 2, false)};
  const auto height =
    static_cast<std::int32_t>(number(head, 22, 4, false)); // negative: top row first
  return {number(head, 18, 4, false), static_cast<std::uint32_t>(std::abs(std::int64_t{height}))};
}

} // namespace

extent claimed_size(std::string_view head, std::string_view media_type) {
  if (media_type == "image/bmp")
    return bmp_size(head);
  if (media_type == "image/vnd.adobe.photoshop")
    return {number(head, 18, 4, true), number(head, 14, 4, true)};
  if (media_type == "image/jp2" || media_type == "image/j2c")
    return jpeg2000_size(head);
  if (media_type == "image/x-tga")
    return {number(head, 12, 2, false), number(head, 14, 2, false)};
  return {};
}

} // namespace mediad::media
