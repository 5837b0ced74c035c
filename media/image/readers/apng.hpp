#pragma once

#include "media/image/animation.hpp"

namespace mediad::media {

/// A PNG file that moves (PNG, third edition, 4.9 and 11.3.6).
/// @returns null for one that does not; errors as of open_gif().
result<std::unique_ptr<animation>> open_apng(const opened_file& file, const limits& max);

} // namespace mediad::media
