#pragma once

#include <string_view>

namespace mediad {

/// Whether many people have this password, so that it is among the first that are tried. Those of
/// fewer than 12 characters are not known here, as nobody may have one.
bool is_common_password(std::string_view in_lower_case);

} // namespace mediad
