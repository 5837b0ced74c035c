#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mediad {

/// What somebody may do in a folder, with those below it; each right includes those before it. The
/// numbers are stored.
enum class folder_right : std::uint8_t {
  view = 1, ///< See folders and files.
  add,      ///< Send files, and make folders.
  edit,     ///< Change and remove what is in it.
  own,      ///< All; nobody can be granted this right.
};

/// The word for it, as clients read it.
std::string_view to_string(folder_right r);
/// The right of that word that can be granted; nothing for any other word.
std::optional<folder_right> parse_folder_right(std::string_view word);

} // namespace mediad
