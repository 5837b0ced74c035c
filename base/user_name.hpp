#pragma once

#include <string_view>

namespace mediad {

/// The one rule for users' names, in settings, on the command line and in the database: 1 to 32 of
/// `a-z`, `0-9`, `_` and `-`, not starting with `-`. A name is also that of a folder, and two names
/// are the same only if their bytes are.
bool is_user_name(std::string_view name);

} // namespace mediad
