#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mediad::media {

/// What a worker refuses before it decodes a pixel. Untrusted headers are checked against these.
struct limits {
  std::uint64_t max_pixels = 100'000'000;        ///< Of one picture or video frame, 1 Mi..1 Gi.
  std::uint32_t max_side = 32'768;               ///< Pixels, 16..65,535.
  std::uint32_t max_frames = 1'000;              ///< Of an animated picture, 1..100,000.
  std::uint64_t max_metadata_bytes = 16U << 20U; ///< Exif, ICC and the like, 64 KiB..1 GiB.
  std::uint32_t max_pages = 2'000;               ///< Of a document, 1..100,000.
  std::uint32_t max_page_s = 6;                  ///< Drawing or reading one page, 1..600.
  std::uint32_t max_archive_entries = 10'000;    ///< Of an archive, 1..1,000,000.
  std::uint32_t max_archive_ratio = 200;        ///< Unpacked to packed, from 64 MiB on, 2..100,000.
  std::uint64_t max_markup_bytes = 256U << 20U; ///< XML in an office document, 1 MiB..4 GiB.
  std::uint32_t max_streams = 32;               ///< In a video or audio container, 1..256.
  double max_duration_s = 6.0 * 3600;           ///< Of a video or audio file, 1..604,800.
  std::uint64_t max_text_bytes = 16U << 20U;    ///< Kept from a document, 1 KiB..256 MiB.
};

struct preview_options {
  std::uint32_t box = 320; ///< Both sides of the preview fit into this, pixels, 16..2,048.
  int webp_quality = 75;   ///< 1..100 as WebP defines it.
};

struct image_options {
  /// Pixels, ascending, 1..8 of them; never enlarging.
  std::vector<std::uint32_t> widths{320, 640, 1280, 1920};
  std::vector<std::string> formats{"jpeg", "webp"}; ///< Of jpeg, webp, avif and png.
  int jpeg_quality = 82;                            ///< 1..100.
  bool jpeg_progressive = true;                     ///< Coarse first, fine later, and smaller.
  std::string jpeg_chroma = "half";   ///< Colour at "half" the width and height, or "full".
  int webp_quality = 78;              ///< 1..100.
  int webp_method = 2;                ///< 0 (fast)..6 (small).
  int avif_quality = 60;              ///< 1..100.
  int avif_speed = 9;                 ///< 0 (small)..10 (fast).
  std::string alpha = "keep";         ///< "keep" it where a format can, or "flatten" it always.
  std::string background = "#ffffff"; ///< What is under alpha that is not kept.
  std::string colors = "srgb";        ///< Converted to "srgb", or as they are ("keep").
  std::vector<std::string> metadata;  ///< Kept of the original's, see image_metadata.hpp.
  std::uint32_t animation_box = 640;  ///< Both sides of an animation fit into this, 16..4,096.
};

struct video_options {
  std::uint32_t stills = 4;            ///< Screenshots, evenly spread, 0..100.
  std::uint32_t sprite_tiles = 100;    ///< Small pictures on the sheet for scrubbing, 0..400.
  std::uint32_t motion_seconds = 3;    ///< Of the moving preview, 0 (none)..15.
  std::uint32_t max_short_side = 1080; ///< Larger is scaled down to it, pixels, 144..4,320.
  /// Whether a video that browsers play as it is, is only moved into a new file.
  bool remux = true;
  std::uint32_t max_kbps = 12'000; ///< Of a picture that is kept as it is, 100..1,000,000.
  int crf = 23;                    ///< x264 constant rate factor, 0..51; lower is better.
  std::string preset = "veryfast"; ///< x264 preset by name.
  std::uint32_t audio_kbps = 128;  ///< AAC, 32..512.
  bool av1 = false;                ///< Whether there is a WebM of AV1 and Opus, too.
  int av1_crf = 35;                ///< SVT-AV1's, 1..63; lower is better.
  int av1_preset = 10;             ///< SVT-AV1's, 0 (slow)..13.
  bool hls = false;                ///< Whether renditions for HTTP Live Streaming are made, too.
  /// Short sides of these, pixels, ascending, 1..6 of them; never enlarging.
  std::vector<std::uint32_t> hls_sides{360, 720, 1080};
  std::uint32_t threads = 0; ///< For one encode; 0: as many as cores, 0..64.
};

struct audio_options {
  std::string format = "aac"; ///< Of the rendition: aac (MP4) or opus (WebM).
  std::uint32_t kbps = 128;   ///< 32..512.
};

struct document_options {
  std::uint32_t pages = 10;       ///< Page images made at most, 0..500.
  std::uint32_t page_box = 1'600; ///< Both sides of a page image fit into this, pixels, 64..8,192.
  std::uint32_t sheets = 20;      ///< Sheets of a workbook kept as CSV, at most, 0..500.
  std::string office = "soffice"; ///< The LibreOffice program, looked up in PATH.
  std::uint32_t office_timeout_s = 15;         ///< For one conversion, 5..3,600, and
  std::uint32_t office_timeout_per_mib_s = 10; ///< more for each MiB of the document, 0..600.
  /// LibreOffices kept started, each for one preview; about 100 MiB each, 0..16.
  std::uint32_t office_warm = 1;
};

struct archive_options {
  /// From this many bytes of content on, large members are not copied into the archive, 0..1 TiB.
  std::uint64_t copy_below = std::uint64_t{32} << 20U;
};

/// What surrounds one job, so that a hostile file harms nobody.
struct sandbox_options {
  bool required = false; ///< Whether a worker refuses to work without every part of its sandbox.
  std::uint64_t memory_bytes = std::uint64_t{6} << 30U; ///< Address space, 512 MiB..1 TiB.
  std::uint32_t cpu_s = 6 * 3600;                       ///< Of all its threads, 10..604,800.
  std::uint64_t file_bytes = std::uint64_t{96} << 30U;  ///< Of one file it writes, 1 MiB..32 TiB.
  std::uint32_t open_files = 256;                       ///< 64..65,536.
  std::uint32_t jobs_per_worker = 1'000; ///< Then a new worker takes its place, 1..1,000,000.
};

/// Everything a worker needs to know besides its jobs.
struct settings {
  media::limits limits;
  preview_options preview;
  image_options image;
  video_options video;
  audio_options audio;
  document_options document;
  archive_options archive;
  sandbox_options sandbox;
};

} // namespace mediad::media
