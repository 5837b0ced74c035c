#pragma once

#include "base/options/option.hpp"
#include "config/settings.hpp"

#include <string_view>
#include <vector>

namespace mediad::config {

using option = options::option<settings>;

/// All of them, in the order in which they are documented; those of a section are together.
const std::vector<option>& all_options();

/// One sentence about a section, for the generated files.
std::string_view about_section(std::string_view section);

} // namespace mediad::config
