#pragma once

#include "config/load.hpp"

/// `mediad config …`: each returns the exit status.
namespace mediad::command {

/// One line on standard output if all is well, else every problem on standard error.
int config_check(const config::loaded& l);

/// The settings in force, as TOML.
int config_show(const config::loaded& l);

/// Both generated files come from here.
int config_reference(bool as_toml);

} // namespace mediad::command
