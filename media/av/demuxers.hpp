#pragma once

#include "media/av/handles.hpp"

namespace mediad::media::av {

/// The one demuxer that reads files of @p media_type; null for a type that is not video or sound
/// here. No demuxer among them reads other files than its own (playlists do).
const AVInputFormat* demuxer_of(std::string_view media_type);

} // namespace mediad::media::av
