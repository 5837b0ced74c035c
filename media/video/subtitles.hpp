#pragma once

#include "media/job/module.hpp"

#include <string>
#include <vector>

namespace mediad::media {

/// One track of subtitles in a video.
struct subtitle_track {
  std::string codec;    ///< libav's name of it.
  std::string language; ///< ISO 639-2 as the file has it; empty: it does not say.
  std::string title;
  std::string vtt;  ///< The whole as WebVTT; empty for pictures, and for a track without a word.
  std::string file; ///< `subtitles-1.vtt` …, where there is one.
};

/// All tracks of a video, in its order; those of text as WebVTT, without the original's styles.
/// Reads the file once more if it has any. What is damaged is left out.
/// @returns what av::input::open returns, errc::storage_io, or errc::too_large if there is more
///          text than limits::max_text_bytes.
result<std::vector<subtitle_track>> read_subtitles(const job& work, const job_context& context);

/// Writes a file for each track that has words, and `subtitles` among the facts: a list of codec,
/// language, title and file (null for pictures), if the video has any.
result<> add_subtitles(const job& work, const job_context& context, job_result& done);

} // namespace mediad::media
