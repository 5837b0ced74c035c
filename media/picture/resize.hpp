#pragma once

#include "base/error.hpp"
#include "media/picture/picture.hpp"

namespace mediad::media {

/// The size that @p from has when it is made to fit into a square of @p box pixels with its
/// proportions kept: never larger than @p from, each side at least 1.
extent fit_box(extent from, std::uint32_t box);

/// The size that @p from has when it is @p width wide: proportions kept, height at least 1.
extent fit_width(extent from, std::uint32_t width);

/// @p source at another size, by a Lanczos filter as wide as the ratio asks (so that shrinking does
/// not alias). Alpha weighs the colours. The same size gives a copy.
/// @returns errc::internal if zimg refuses, which no size of 1..65,535 makes it do.
result<picture> resize(const picture& source, extent to);

} // namespace mediad::media
