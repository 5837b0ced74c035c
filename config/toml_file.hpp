#pragma once

#include "base/options/value.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mediad::config {

/// One `key = value`, from wherever an operator can write it.
struct assignment {
  std::string name; ///< `section.key`, as written.
  options::value given;
  std::string where; ///< `config/mediad.toml:12`, `MEDIAD_LOG__LEVEL`, `--set`.
};

struct toml_file {
  std::vector<assignment> assignments;
  std::string problem; ///< Why the file as a whole cannot be used, with its line; empty: it can.
};

/// What is written in @p file; whether it means anything is for the caller to find out.
toml_file read_toml(const std::filesystem::path& file);

} // namespace mediad::config
