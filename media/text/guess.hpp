#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// How much of a text guess_charset() looks at.
inline constexpr std::size_t max_guessed_bytes = std::size_t{16} * 1024;

/// What the bytes of a text show it to be written in, as a name that charset_decoder takes: by its
/// byte order mark; by the zeros of UTF-16 and UTF-32; UTF-8 if most of its longer characters are;
/// else by the frequencies of letters (libuchardet), corrected where the answer reads badly: by the
/// code page of Windows that contains the ISO charset, and by those of DOS and of old Macintoshes.
std::string guess_charset(std::string_view sample);

/// The same for the names in one archive, a line each, none of which says what it is written in.
/// Of charsets that read equally well one of DOS is preferred: a ZIP that says nothing means code
/// page 437 (APPNOTE.TXT, appendix D), or the one of the system on which it was made.
std::string guess_charset_of_names(std::string_view names);

/// Whether all of @p text is UTF-8, which it may also be if it is ASCII.
bool is_utf8(std::string_view text);

/// Whether @p charset has two or four bytes for each character, so that no byte says a thing alone.
bool is_wide(std::string_view charset);

/// The offset of the first byte beyond ASCII, or its size.
std::size_t first_foreign(std::string_view bytes);

} // namespace mediad::media
