#pragma once

#include <string_view>

namespace mediad::media {

/// The separator that the first line of @p text states for spreadsheet programs (`sep=;`), or '\0'.
char stated_separator(std::string_view text);

/// The sign that cuts @p text (UTF-8) into a table, as people write RFC 4180: one of tab,
/// semicolon, comma and bar, or what `sep=` states; '\0' if the text is none. Cells in quotes may
/// have line breaks; rows of a title may stand above the table, and some of its rows may lack cells
/// or have more of them. Code ends its lines with the same sign, and sentences have a space after a
/// comma: those are no tables.
/// @param is_cut the text goes on: its last row may be torn.
char find_separator(std::string_view text, bool is_cut);

} // namespace mediad::media
