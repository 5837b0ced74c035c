#pragma once

#include "base/error.hpp"
#include "media/picture/planes.hpp"

namespace mediad::media {

/// How many of a plane's samples, from its left and its top, the result shows; not always whole.
struct covered_samples {
  double width = 0;
  double height = 0;
};

/// @p source at another size, by a Lanczos filter as wide as the ratio asks.
/// @param covered more than the plane has counts as all of it.
/// @returns errc::internal if zimg refuses, which no size of 1..65,535 makes it do.
result<plane> resize_plane(const plane& source, covered_samples covered, extent to);

} // namespace mediad::media
