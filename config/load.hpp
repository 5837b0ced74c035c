#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mediad::config {

/// Read when no other file is named, if it is there; from where the program starts.
inline constexpr const char* default_file = "config/mediad.toml";

/// Everything an operator can say, in rising precedence.
struct sources {
  std::optional<std::filesystem::path> file;    ///< `--config`: must exist. Else default_file.
  std::map<std::string, std::string> variables; ///< `MEDIAD_SECTION__KEY`; others are ignored.
  std::vector<std::string> assignments;         ///< `--set`: `section.key=value`.
};

struct loaded {
  settings values;                            ///< Not to be used while there are problems.
  std::vector<std::string> problems;          ///< Each: where, which key, what is allowed.
  std::map<std::string, std::string> origins; ///< Option name to where it was set last.
};

/// Reads every source and reports every problem of each; does not stop at the first.
loaded load(const sources& from);

/// Those of @p environment (as in environ(7)) that begin with `MEDIAD_`.
std::map<std::string, std::string> variables_in(const char* const* environment);

} // namespace mediad::config
