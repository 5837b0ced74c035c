#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// @p svg with every `feDropShadow` (Filter Effects 1, 9.9) written as the blur, offset, flood,
/// composition and merge that it stands for. Debian 12's librsvg does not know it, and does not
/// draw an element whose filter it does not understand.
std::string spell_out_drop_shadows(std::string_view svg);

} // namespace mediad::media
