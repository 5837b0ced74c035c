#pragma once

#include "base/error.hpp"
#include "base/folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mediad::media {

/// One fragmented MP4 that our muxer wrote, as HLS sees it: a head, then segments without a gap.
struct hls_track {
  struct segment {
    std::uint64_t begin = 0; ///< Bytes from the start of the file.
    std::uint64_t bytes = 0;
    double begin_s = 0;
    double length_s = 0;
  };

  std::string file; ///< Name of the file.
  std::uint64_t head_bytes = 0;
  std::vector<segment> segments;
  std::string codec; ///< Codec as RFC 6381 names it: `avc1.64001f`, `mp4a.40.2`.

  /// The highest bit rate of a segment, and the average, bit/s.
  std::uint64_t peak_rate() const;
  std::uint64_t average_rate() const;
};

/// Reads what our own muxer has written, with one stream in it.
/// @param length_s of the whole, seconds.
/// @returns errc::internal if that is not what it should be.
result<hls_track> read_track(const folder_entry& file, double length_s);

/// The media playlist of one track (RFC 8216, 4.3.3).
std::string playlist_of(const hls_track& track);

/// The media playlist of subtitles: the WebVTT file @p name, as one segment of @p length_s.
std::string playlist_of_subtitles(const std::string& name, double length_s);

/// One line of the master playlist for a rendition of sound (RFC 8216, 4.3.4.1), of the group
/// `sound`.
/// @param name which no other of the group has; language as the video has it, or empty.
/// @param is_default whether players choose it if the user has not chosen.
std::string sound_line(const std::string& name, const std::string& language,
                       const std::string& playlist, bool is_default);

/// One line of the master playlist for subtitles (RFC 8216, 4.3.4.1), of the group `words`.
/// @param name, language as the video has them, or empty.
std::string subtitles_line(const std::string& name, const std::string& language,
                           const std::string& playlist);

} // namespace mediad::media
