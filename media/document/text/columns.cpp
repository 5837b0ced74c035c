#include "media/document/text/columns.hpp"

#include <glib.h>

namespace mediad::media {

std::uint32_t columns_of(char32_t code_point) {
  if (code_point < 0x300)
    return 1;
  if (g_unichar_iszerowidth(code_point))
    return 0;
  return g_unichar_iswide(code_point) ? 2 : 1;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  const auto* const end = text.data() + text.size();
  for (const auto* at = text.data(); at < end; at = g_utf8_next_char(at))
    columns += columns_of(static_cast<char32_t>(g_utf8_get_char(at)));
  return columns;
}

} // namespace mediad::media
