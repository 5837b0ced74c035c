#pragma once

#include "base/options/option.hpp"
#include "media/settings.hpp"

#include <vector>

namespace mediad::media {

/// One row for each member of the settings, section by section: its name, range and sentence.
/// Operators set the members by these rows, and the server hands them on to its workers by the
/// same. A new option is a member in settings.hpp and a row in options.cpp.
const std::vector<options::option<settings>>& all_options();

} // namespace mediad::media
