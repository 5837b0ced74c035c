#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mediad::media {

/// What a worker refuses before it decodes a pixel. Untrusted headers are checked against these.
struct limits {
  std::uint64_t max_pixels = 100'000'000;        ///< Pixels of one picture or video frame.
  std::uint32_t max_side = 32'768;               ///< Width and height, pixels each.
  std::uint32_t max_frames = 1'000;              ///< Frames of an animated picture.
  std::uint64_t max_metadata_bytes = 16U << 20U; ///< Exif, ICC and the like.
  std::uint32_t max_pages = 2'000;               ///< Pages of a document.
  std::uint32_t max_page_s = 6;                  ///< Time to draw or to read one page.
  std::uint32_t max_archive_entries = 10'000;    ///< Entries of an archive.
  std::uint32_t max_archive_ratio = 200;         ///< Unpacked to packed, from 64 MiB on.
  std::uint64_t max_markup_bytes = 256U << 20U;  ///< XML in an office document.
  std::uint32_t max_streams = 32;                ///< Streams in a video or audio container.
  double max_duration_s = 6.0 * 3600;            ///< Length of a video or audio file.
  std::uint64_t max_text_bytes = 16U << 20U;     ///< Text that is kept of a document.

  bool operator==(const limits&) const = default;
};

struct preview_options {
  std::uint32_t box = 320; ///< Both sides of the preview fit into this, pixels.
  int webp_quality = 75;   ///< Quality on WebP's own scale.

  bool operator==(const preview_options&) const = default;
};

struct image_options {
  /// Pixels, ascending; never enlarging.
  std::vector<std::uint32_t> widths{320, 640, 1280, 1920};
  std::vector<std::string> formats{"jpeg", "webp"}; ///< Any of jpeg, webp, avif and png.
  int jpeg_quality = 82;                            ///< Quality on its library's own scale.
  bool jpeg_progressive = true;                     ///< Coarse first, fine later, and smaller.
  std::string jpeg_chroma = "half";   ///< Colour at "half" the width and height, or "full".
  int webp_quality = 78;              ///< Quality on its library's own scale.
  int webp_method = 2;                ///< 0 is fast, 6 small.
  int avif_quality = 60;              ///< Quality on its library's own scale.
  int avif_speed = 9;                 ///< 0 is small, 10 fast.
  std::string alpha = "keep";         ///< "keep" it where a format can, or "flatten" it always.
  std::string background = "#ffffff"; ///< What is under alpha that is not kept.
  std::string colors = "srgb";        ///< Converted to "srgb", or as they are ("keep").
  std::vector<std::string> metadata;  ///< What is kept of the original's, see media/options.cpp.
  std::uint32_t animation_box = 640;  ///< Both sides of an animation fit into this.

  bool operator==(const image_options&) const = default;
};

struct video_options {
  std::uint32_t stills = 4;            ///< Screenshots, evenly spread.
  std::uint32_t sprite_tiles = 100;    ///< Small pictures on the sheet for scrubbing.
  std::uint32_t motion_seconds = 3;    ///< Length of the moving preview; 0: none.
  std::uint32_t max_short_side = 1080; ///< Larger is scaled down to it, pixels.
  /// Whether a video that browsers play as it is, is only moved into a new file.
  bool remux = true;
  std::uint32_t max_kbps = 12'000; ///< Highest bit rate of a picture that is kept as it is.
  int crf = 23;                    ///< x264 constant rate factor; lower is better.
  std::string preset = "veryfast"; ///< x264 preset by name.
  std::uint32_t audio_kbps = 128;  ///< AAC.
  bool av1 = false;                ///< Whether there is a WebM of AV1 and Opus, too.
  int av1_crf = 35;                ///< SVT-AV1's; lower is better.
  int av1_preset = 10;             ///< SVT-AV1's; 0 is slow.
  bool hls = false;                ///< Whether renditions for HTTP Live Streaming are made, too.
  /// Short sides of these, pixels, ascending; never enlarging.
  std::vector<std::uint32_t> hls_sides{360, 720, 1080};
  std::uint32_t threads = 0; ///< Threads of one encode; 0: as many as cores.

  bool operator==(const video_options&) const = default;
};

struct audio_options {
  std::string format = "aac"; ///< Format of the rendition: aac (MP4) or opus (WebM).
  std::uint32_t kbps = 128;   ///< Bit rate of the rendition.

  bool operator==(const audio_options&) const = default;
};

struct document_options {
  std::uint32_t pages = 10;       ///< Page images made at most.
  std::uint32_t page_box = 1'600; ///< Both sides of a page image fit into this, pixels.
  std::uint32_t sheets = 20;      ///< Sheets of a workbook kept as CSV, at most.

  bool operator==(const document_options&) const = default;
};

struct archive_options {
  /// From this many bytes of content on, large members are not copied into the archive.
  std::uint64_t copy_below = std::uint64_t{32} << 20U;

  bool operator==(const archive_options&) const = default;
};

/// What is told of a file's origin.
struct facts_options {
  bool place = true;                ///< Whether the record says where something was taken,
  std::uint32_t place_decimals = 3; ///< and to how many decimals of a degree; 3 is about 100 m.

  bool operator==(const facts_options&) const = default;
};

/// What decides what comes of a job: each job carries its own (job::parameters).
struct parameters {
  media::limits limits;
  preview_options preview;
  image_options image;
  video_options video;
  audio_options audio;
  document_options document;
  archive_options archive;
  facts_options facts;

  bool operator==(const parameters&) const = default;
};

/// How LibreOffice is run.
struct office_options {
  std::string program = "soffice";      ///< Looked up in PATH.
  std::uint32_t timeout_s = 15;         ///< Time for one conversion, and
  std::uint32_t timeout_per_mib_s = 10; ///< more for each MiB of the document.
  std::uint32_t warm = 1; ///< LibreOffices kept started, each for one preview; about 100 MiB each.
};

/// What surrounds one job, so that a hostile file harms nothing else.
struct sandbox_options {
  bool required = false; ///< Whether a worker refuses to work without every part of its sandbox.
  std::uint64_t memory_bytes = 0; ///< Address space; 0: the machine's memory, of which the server
                                  ///< gives each job a share.
  std::uint32_t cpu_s = 6 * 3600; ///< CPU time of all its threads.
  std::uint64_t file_bytes = std::uint64_t{96} << 30U; ///< Size of one file that it writes.
  std::uint32_t open_files = 256;                      ///< Descriptors that one job may have open.
  std::uint32_t jobs_per_worker = 1'000;               ///< Then a new worker takes its place.
};

/// What a worker's process is told before its first job: what concerns the process, and no result.
struct worker_settings {
  office_options office;
  sandbox_options sandbox;
};

/// Everything that an operator may change: the parameters of jobs that ask for no others, and what
/// all workers are told.
struct settings : parameters, worker_settings {};

} // namespace mediad::media
