#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// The characters of the 256 bytes of @p charset, if it is one that the detector tells and ICU does
/// not decode: ISO-8859-16 (ISO/IEC 8859-16:2001) and VISCII (RFC 1456); else empty.
std::u16string single_byte_table(std::string_view charset);

} // namespace mediad::media
