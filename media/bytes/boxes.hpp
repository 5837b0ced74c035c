#pragma once

#include "media/bytes/file_bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Boxes, of which MP4, QuickTime, HEIF and Canon's CR3 are made (ISO/IEC 14496-12, 4.2).
namespace mediad::media {

inline constexpr std::size_t max_box_header_bytes = 16;

/// What every box begins with.
struct box_header {
  std::string type;               ///< Four characters.
  std::uint64_t header_bytes = 8; ///< 8, or 16 if the length takes 64 bits.
  std::uint64_t bytes = 0;        ///< Length of the box; 0: it ends where its container ends.
};

/// The header that @p bytes begin with; nothing if they are too few for it, or if the box would be
/// shorter than its header.
std::optional<box_header> parse_box_header(std::string_view bytes);

/// A box within a file, and where its contents are.
struct box {
  std::string type;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// The box at @p at; nothing if it does not end by @p end.
std::optional<box> box_at(const file_bytes& file, std::uint64_t at, std::uint64_t end);

/// Calls @p visit with the boxes from @p begin on, as far as they all end by @p end; with no more
/// than 512 of them: a sound file needs a few dozen.
template <class Visit>
void each_box(const file_bytes& file, std::uint64_t begin, std::uint64_t end, Visit visit) {
  constexpr int max_boxes = 512;
  auto at = begin;
  for (int i = 0; i < max_boxes; ++i) {
    const auto next = box_at(file, at, end);
    if (!next)
      return;
    visit(*next);
    at = next->end;
  }
}

} // namespace mediad::media
