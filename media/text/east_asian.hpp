#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// The charset of East Asia in which @p bytes hold nothing but its common characters, and read
/// well; empty if there is none. A few characters are enough, too few for the frequencies that a
/// detector needs: such are names.
std::string common_east_asian(std::string_view bytes);

} // namespace mediad::media
