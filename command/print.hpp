#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mediad::command {

/// Writes @p text to standard output, now.
/// @returns exit_ok, or exit_failed if it cannot be written (a closed pipe, a full disk).
int print(std::string_view text);

/// Writes one line to standard error for each problem.
/// @returns @p status, for `return complain(…)`.
int complain(const std::vector<std::string>& problems, int status);

} // namespace mediad::command
