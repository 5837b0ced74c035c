#pragma once

#include "base/record.hpp"
#include "base/types.hpp"
#include "media/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a worker can be asked to do, and what it answers. How jobs travel is in packets.hpp.
namespace mediad::media {

/// Which libraries a worker process loads; one program, `mediad-codec --kind <kind>`.
enum class worker_kind : std::uint8_t { light = 1, deep_image, av, document, office };

/// What a worker can be asked to do. Each writes its files into job::output_dir.
enum class job_kind : std::uint8_t {
  identify = 1,      ///< light: profile, media type and first facts of the input. No files.
  image_preview,     ///< light or deep_image: `preview.webp`, thumbhash, width/height/orientation.
  image_renditions,  ///< light or deep_image: the ladder as `w<width>.jpg` …, `animation.webp`.
  video_preview,     ///< av: `preview.webp`, thumbhash, the video's facts.
  video_screenshots, ///< av: `poster.jpg`, `still-1.jpg` …, `sprite.jpg` with `sprite.vtt`,
                     ///< `motion.webp`.
  video_compress,    ///< av: `video.mp4`, with progress.
  audio_preview,     ///< av: `preview.webp` (waveform), thumbhash, the audio's facts.
  document_preview,  ///< document or office: `preview.webp` of the first page, thumbhash.
  document_pages,    ///< document or office: `page-1.webp` …, office: `document.pdf`; page count.
  document_text,     ///< document or office: `text.txt`.
  archive_listing,   ///< document: `listing.json` of an archive that was uploaded, entries.
  video_stream,      ///< av: `hls-<side>.mp4`, `hls-<side>.m3u8`, `hls.m3u8` if they are wanted.
  audio_renditions,  ///< av: `audio.m4a` or `audio.webm`, `waveform.json`, the loudness.
  archive,           ///< light: `archive.zip` of the input under its real name and job::members.
  early_preview,     ///< light: identify and image_preview at once, of a file whose bytes are only
                     ///< arriving; errc::unsupported_media for one that has to be there first.
};

/// Whether a job's input may grow while the job runs. Such a job has a third descriptor: one end of
/// a socketpair over which it hears of it.
constexpr bool has_growing_input(job_kind kind) {
  return kind == job_kind::early_preview;
}

/// Whether the process that has done such a job may be given more of the kind. They must be of
/// files of one owner: a file that took the process over could answer wrongly for those that
/// follow.
constexpr bool may_be_followed(job_kind kind) {
  return kind == job_kind::identify;
}

std::string_view to_string(worker_kind kind);
std::string_view to_string(job_kind kind);
std::optional<worker_kind> parse_worker_kind(std::string_view word);
std::optional<job_kind> parse_job_kind(std::string_view word);

/// One job for one attempt at one file. Its input is sent beside it, as an open descriptor.
struct job {
  std::uint64_t number = 0; ///< Rises from 1 with each job that one worker is given; not sent.
  std::string file_id;
  /// Id of the file's owner, whose files alone may share a process (may_be_followed); not sent.
  /// Empty: unknown.
  std::string owner;
  std::string payer; ///< Id of the user whose turn in a lane it takes up; not sent.
  job_kind kind = job_kind::identify;
  std::string output_dir; ///< Absolute path; exists and belongs to this attempt alone. Empty: none.
  std::string name;       ///< The client's name of the file: data, for archives and titles.
  std::string media_type; ///< The type that identify has found.
  std::string sha256;     ///< Of the input, which is stored; empty: it is a body in staging.
  std::uint64_t bytes = 0;  ///< Length of a stored input; not sent.
  std::int64_t cost_ms = 0; ///< Estimated processor time, by which users take turns; not sent.
  unix_ms modified_at = 0;  ///< archive: the input's own date; 0: not known.
  std::vector<made_file> members; ///< archive: files in output_dir, in order.
  /// Sizes, qualities, formats, limits: all that decides what comes of it beside the input.
  media::parameters parameters;
};

/// What a finished job found and made. A worker may have been taken over by what it decoded: the
/// storage checks every name and size again before it publishes these files.
struct job_result {
  /// Found by identify; and by video_preview, which may find sound only.
  mediad::profile profile = mediad::profile::other;
  std::string media_type;       ///< Set by identify only.
  std::string media = "{}";     ///< JSON object, merged into the record's `media`.
  std::string thumbhash;        ///< ThumbHash of a preview, Base64.
  std::vector<made_file> files; ///< They are in output_dir; the worker fills in bytes and sha256.
  std::vector<splice> splices;  ///< archive only: what was not copied into it.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, job_result& x) {
    return f(x.profile, x.media_type, x.media, x.thumbhash, x.files, x.splices);
  }
};

/// How far the running job is, 0..1.
struct job_progress {
  double fraction = 0;
};

} // namespace mediad::media
