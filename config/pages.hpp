#pragma once

#include "config/load.hpp"

#include <string>

/// What the table of options looks like to people.
namespace mediad::config {

/// `config/mediad.toml` as it is in the repository: every option, explained, with its default.
std::string default_toml();

/// `config/README.md` as it is in the repository.
std::string reference_page();

/// The settings in force as TOML; a comment says where each came from that is not a default.
std::string show(const loaded& l);

} // namespace mediad::config
