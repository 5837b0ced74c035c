#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Names that come from clients, operators and workers, and what may become of them on a disk.
namespace mediad::storage {

/// A client's name for a file, fit for display and for a disk: NFC, valid UTF-8 (broken bytes
/// become U+FFFD), without `/`, NUL, control characters and the invisible ones that turn text
/// around (Unicode TR 36), at most 255 bytes with its extension kept. Never empty, `.` or `..`:
/// those are `unnamed`.
std::string clean_name(std::string_view raw);

/// A worker's text, fit for JSON: valid UTF-8 (broken bytes become U+FFFD), at most
/// @p max_bytes.
std::string clean_text(std::string_view raw, std::size_t max_bytes);

/// A tag as a person writes it: NFC, valid UTF-8, without control characters, those that turn text
/// around, and blanks at its ends. May be empty.
std::string clean_tag(std::string_view raw);

/// @p name as the @p n th link of that name in one folder: `beach.jpg`, `beach (2).jpg` … At most
/// 240 bytes, so that `.webp` and `.zip` still fit behind it.
/// @param name  as clean_name made it.
/// @param n     from 1.
std::string numbered_name(std::string_view name, std::size_t n);

/// A name that a worker may give a file it made: 1..255 of `A-Za-z0-9._-`, not starting with a dot.
/// It becomes part of paths and URLs as it is.
bool is_made_name(std::string_view name);

/// What makes two names in one folder the same: NFC, and without the difference of upper and lower
/// case (Unicode's full case folding). At most 300 bytes: a longer one ends in its digest.
/// @param name  as clean_name made it.
std::string folded_name(std::string_view name);

/// Why a client's name cannot be that of a file or a folder as it is, in words for the client; null
/// if it can. What NFC changes is no fault.
const char* find_name_fault(std::string_view raw);
/// What is wrong with a folder's name that is too long.
inline constexpr const char* long_name_fault = "the name of a folder has at most 240 bytes";

/// A folder's name, as clean_name would leave it, and at most 240 bytes.
bool is_folder_name(std::string_view name);

/// 64 lower-case hex digits.
bool is_sha256(std::string_view text);

/// `type/subtype`, perhaps with parameters: printable ASCII, at most 127 bytes (RFC 6838 4.2).
/// It is sent as a header as it is.
bool is_media_type(std::string_view text);

} // namespace mediad::storage
