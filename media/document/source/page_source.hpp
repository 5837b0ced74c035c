#pragma once

#include "base/error.hpp"
#include "media/picture/picture.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace mediad::media {

/// A document that can be drawn page by page.
class page_source {
public:
  page_source() = default;
  page_source(const page_source&) = delete;
  page_source& operator=(const page_source&) = delete;
  virtual ~page_source() = default;

  /// How many pages can be drawn, at least 1. May be fewer than the document has.
  virtual std::uint32_t drawable_pages() const = 0;

  /// Page @p index (from 0) on white, as large as fits into a square of @p box pixels.
  /// @returns errc::corrupt_media for a page that has no size or cannot be drawn.
  virtual result<picture> draw(std::uint32_t index, std::uint32_t box) = 0;

  /// What the record's `media` says of the document: `pages` where known, `title`, `author`.
  virtual nlohmann::json facts() const = 0;
};

} // namespace mediad::media
