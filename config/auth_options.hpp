#pragma once

#include "config/option.hpp"

#include <vector>

namespace mediad::config {

/// Adds the options that say who may be whom.
void add_authentication(std::vector<option>& all);

} // namespace mediad::config
