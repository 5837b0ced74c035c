#pragma once

#include "config/option.hpp"

#include <vector>

namespace mediad::config {

/// Adds the options that say where the server listens, and in TLS under which certificate.
void add_listening(std::vector<option>& all);

} // namespace mediad::config
