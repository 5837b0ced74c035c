#pragma once

#include "media/facts/file_facts.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mediad::media {

/// The value that a container of sound or video has under a name, as FFmpeg's demuxers tell them;
/// empty if there is none.
using tag_lookup = std::function<std::string(const char* name)>;

/// What the tags of a container say of its origin: those of QuickTime and MP4 (ISO 14496-12, 8.2.2;
/// Apple's QuickTime File Format, metadata), Matroska, Ogg and ID3. Apple's date, which has an
/// offset, counts before the container's own, which is in UTC.
file_facts container_facts(const tag_lookup& tag);

/// A place by ISO 6709, annex H: `+48.1371+011.5754+519.000/`; degrees alone, with minutes or with
/// seconds, as the number of digits says. Height and what follows it are not read.
/// @returns nothing for another form, or outside the globe.
std::optional<position> parse_place(std::string_view text);

} // namespace mediad::media
