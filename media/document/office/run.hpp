#pragma once

#include "base/error.hpp"
#include "media/document/office/convert.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// What every run of LibreOffice has in common. Each has a home directory of its own, which holds
/// its profile (`profile`), the document under a name that LibreOffice knows what to do with, what
/// it makes (`made/document.pdf`, or another extension) and what it says (`messages`).
namespace mediad::media::office {

/// Makes the profile: no macros, no links, no Java. @p home exists.
result<> make_profile(const std::filesystem::path& home);

/// The arguments with which every LibreOffice starts. @p home is absolute.
std::vector<std::string> start_arguments(const std::filesystem::path& home);

/// Copies the document into @p home. @returns its name there.
result<std::string> copy_with_extension(const conversion& what, const std::filesystem::path& home);

/// The arguments that make LibreOffice, running in its home, convert the document @p source.
std::vector<std::string> conversion_arguments(const conversion& what, const std::string& source);

/// Takes what has been made to its place.
/// @returns errc::password_protected, or errc::corrupt_media if there is nothing; errc::storage_io.
result<> take_made(const conversion& what, const std::filesystem::path& home);

} // namespace mediad::media::office
