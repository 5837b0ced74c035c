#pragma once

#include "config/option.hpp"

#include <vector>

namespace mediad::config {

/// Appends the sections limits, preview, image, video, document and sandbox.
void add_media(std::vector<option>& all);

} // namespace mediad::config
