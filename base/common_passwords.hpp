#pragma once

#include <string_view>

namespace mediad {

/// Whether many people have this password, so that it is among the first that are tried. The list
/// has none of fewer than 12 characters, as check_new_password() refuses those.
bool is_common_password(std::string_view in_lower_case);

} // namespace mediad
