#pragma once

#include "base/error.hpp"
#include "media/picture/picture.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

struct _cairo_surface;
struct _cairo;
struct _PangoLayout;
struct _PangoFontDescription;

namespace mediad::media {

/// Width and height of a sheet of paper in points (1/72 inch).
struct paper {
  double width = 0;
  double height = 0;
};

/// ISO 216.
inline constexpr paper a4_portrait{595, 842};
inline constexpr paper a4_landscape{842, 595};

/// A white page to draw text on, in points from its top left corner.
class text_canvas {
public:
  /// @param box the page's longer side in pixels.
  static result<text_canvas> make(paper size, std::uint32_t box);

  struct style {
    double size = 9; ///< Points.
    bool bold = false;
    bool to_right = false; ///< Ends at the right edge of its place.
  };
  /// A place for one line of text: its top left corner and its width; what does not fit is cut
  /// with an ellipsis.
  struct place {
    double x = 0;
    double y = 0;
    double width = 0;
  };

  /// One line of @p text (UTF-8) in DejaVu Sans Mono.
  void write(std::string_view text, place where, style how);
  /// A rectangle of one grey, 0 (black)..1 (white).
  void fill(place where, double height, double grey);

  /// What was drawn.
  result<picture> finish() &&;

private:
  struct release {
    void operator()(_cairo_surface* surface) const noexcept;
    void operator()(_cairo* context) const noexcept;
    void operator()(_PangoLayout* layout) const noexcept;
  };

  text_canvas() = default;

  std::unique_ptr<_cairo_surface, release> surface_;
  std::unique_ptr<_cairo, release> context_;
  std::unique_ptr<_PangoLayout, release> layout_;
};

/// How wide one character of the canvas's font is, as a part of its size; it is the same for all.
inline constexpr double mono_advance = 0.602;

} // namespace mediad::media
