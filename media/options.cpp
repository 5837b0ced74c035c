#include "media/options.hpp"

#include "base/options/kinds.hpp"

#include <algorithm>
#include <initializer_list>

namespace mediad::media {
namespace {

using namespace options;

constexpr std::int64_t second = 1'000;
constexpr std::int64_t hour = 3'600 * second;
constexpr std::int64_t kib = std::int64_t{1} << 10U;
constexpr std::int64_t mib = std::int64_t{1} << 20U;

using job_list = std::vector<option<parameters>>;
using worker_list = std::vector<option<worker_settings>>;

bool is_not_empty(const std::string& text) {
  return !text.empty();
}

bool is_color(const std::string& text) {
  constexpr std::size_t length = 7;
  return text.size() == length && text.front() == '#'
         && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

bool is_kept_metadata(const std::string& text) {
  return text == "copyright" || text == "camera" || text == "date" || text == "gps";
}

void add_limits(job_list& all) {
  using s = limits;
  const auto part = [](auto member) {
    return at(&parameters::limits, member);
  };
  all.push_back(number({"limits", "max_pixels", "Width times height of a picture or video frame."},
                       part(&s::max_pixels), {mib, 1024 * mib}));
  all.push_back(
    number({"limits", "max_side", "Width or height in pixels."}, part(&s::max_side), {16, 65'535}));
  all.push_back(number({"limits", "max_frames", "Frames of a GIF or an animated WebP or AVIF."},
                       part(&s::max_frames), {1, 100'000}));
  all.push_back(
    size({"limits", "max_metadata", "Exif, colour profile and other metadata of a picture."},
         part(&s::max_metadata_bytes), {64 * kib, 1024 * mib}));
  all.push_back(
    number({"limits", "max_pages", "Pages of a document."}, part(&s::max_pages), {1, 100'000}));
  all.push_back(
    seconds({"limits", "max_page_time", "Drawing or reading one page of a PDF, in whole seconds."},
            part(&s::max_page_s), {second, 600 * second}));
  all.push_back(number({"limits", "max_archive_entries", "Entries of an archive that is listed."},
                       part(&s::max_archive_entries), {1, 1'000'000}));
  all.push_back(
    number({"limits", "max_archive_ratio",
            "Unpacked bytes to packed ones in an archive that is listed; from 64MiB unpacked on."},
           part(&s::max_archive_ratio), {2, 100'000}));
  all.push_back(size({"limits", "max_markup", "XML in an office document, unpacked, or RTF."},
                     part(&s::max_markup_bytes), {mib, 4096 * mib}));
  all.push_back(number({"limits", "max_streams", "Streams in a video or audio file."},
                       part(&s::max_streams), {1, 256}));
  all.push_back(
    seconds({"limits", "max_duration", "Length of a video or audio file, in whole seconds."},
            part(&s::max_duration_s), {second, 168 * hour}));
  all.push_back(size({"limits", "max_text", "Plain text kept from a document."},
                     part(&s::max_text_bytes), {kib, 256 * mib}));
}

void add_image(job_list& all) {
  using s = image_options;
  const auto part = [](auto member) {
    return at(&parameters::image, member);
  };
  all.push_back(numbers(
    {"image", "widths", "Widths of the renditions in pixels; none is larger than the original."},
    part(&s::widths), {16, 16'383}, {1, 8}));
  all.push_back(words({"image", "formats", "Formats in which each width is made."},
                      part(&s::formats), {"jpeg", "webp", "avif", "png"}));
  all.push_back(number({"image", "jpeg_quality", "Quality of JPEG renditions."},
                       part(&s::jpeg_quality), {1, 100}));
  all.push_back(flag({"image", "jpeg_progressive",
                      "Whether JPEG renditions come coarse first: smaller, but slower to make."},
                     part(&s::jpeg_progressive)));
  all.push_back(word(
    {"image", "jpeg_chroma", "Colour of JPEG renditions at half the width and height, or in full."},
    part(&s::jpeg_chroma), {"half", "full"}));
  all.push_back(number({"image", "webp_quality", "Quality of WebP renditions."},
                       part(&s::webp_quality), {1, 100}));
  all.push_back(
    number({"image", "webp_method", "Effort for WebP: 0 is fast, 6 makes the smallest files."},
           part(&s::webp_method), {0, 6}));
  all.push_back(number({"image", "avif_quality", "Quality of AVIF renditions."},
                       part(&s::avif_quality), {1, 100}));
  all.push_back(
    number({"image", "avif_speed", "Effort for AVIF: 0 makes the smallest files, 10 is fast."},
           part(&s::avif_speed), {0, 10}));
  all.push_back(
    word({"image", "alpha", "Whether transparency is kept in the formats that can, or never."},
         part(&s::alpha), {"keep", "flatten"}));
  all.push_back(text({"image", "background", "The colour under transparency that is not kept."},
                     part(&s::background), "a colour like #ffffff", is_color));
  all.push_back(
    word({"image", "colors",
          "Whether renditions are in sRGB, or keep the colour profile of the original."},
         part(&s::colors), {"srgb", "keep"}));
  all.push_back(texts({"image", "metadata",
                       "What renditions keep of the original's metadata; the rest stays private."},
                      part(&s::metadata), "a list of copyright, camera, date, gps, or of none",
                      is_kept_metadata));
  all.push_back(
    number({"image", "animation_box", "Width and height into which an animation fits, in pixels."},
           part(&s::animation_box), {16, 4'096}));
}

void add_video(job_list& all) {
  using s = video_options;
  const auto part = [](auto member) {
    return at(&parameters::video, member);
  };
  all.push_back(
    number({"video", "stills", "Screenshots, evenly spread."}, part(&s::stills), {0, 100}));
  all.push_back(number(
    {"video", "sprite_tiles", "Small pictures on the sheet for scrubbing, at most; 0: no sheet."},
    part(&s::sprite_tiles), {0, 400}));
  all.push_back(
    number({"video", "motion_seconds", "Length of the silent moving preview; 0: there is none."},
           part(&s::motion_seconds), {0, 15}));
  all.push_back(
    number({"video", "max_short_side", "The compressed video's shorter side in pixels, at most."},
           part(&s::max_short_side), {144, 4'320}));
  all.push_back(
    flag({"video", "remux",
          "Whether a video that browsers play as it is, is only moved into a new file."},
         part(&s::remux)));
  all.push_back(number(
    {"video", "max_kbps", "Highest bit rate of a video's picture in kbit/s that is kept as it is."},
    part(&s::max_kbps), {100, 1'000'000}));
  all.push_back(
    number({"video", "crf", "Constant rate factor of x264: lower is better and larger."},
           part(&s::crf), {0, 51}));
  all.push_back(word({"video", "preset", "Speed of x264: slower makes smaller files."},
                     part(&s::preset),
                     {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow",
                      "slower", "veryslow"}));
  all.push_back(number({"video", "audio_kbps", "Bit rate of the sound in kbit/s."},
                       part(&s::audio_kbps), {32, 512}));
  all.push_back(
    flag({"video", "av1",
          "Whether a WebM of AV1 and Opus is made, too; it takes several times as long."},
         part(&s::av1)));
  all.push_back(
    number({"video", "av1_crf", "Constant rate factor of SVT-AV1."}, part(&s::av1_crf), {1, 63}));
  all.push_back(number({"video", "av1_preset", "Speed of SVT-AV1: lower makes smaller files."},
                       part(&s::av1_preset), {0, 13}));
  all.push_back(flag({"video", "hls", "Whether renditions for HTTP Live Streaming are made, too."},
                     part(&s::hls)));
  all.push_back(numbers(
    {"video", "hls_sides", "Shorter sides of these in pixels; none is larger than the original."},
    part(&s::hls_sides), {144, 4'320}, {1, 6}));
  all.push_back(number({"video", "threads", "Threads of one compression; 0: as many as cores."},
                       part(&s::threads), {0, 64}));
}

void add_audio(job_list& all) {
  using s = audio_options;
  const auto part = [](auto member) {
    return at(&parameters::audio, member);
  };
  all.push_back(word({"audio", "format", "What sound becomes: AAC in MP4 or Opus in WebM."},
                     part(&s::format), {"aac", "opus"}));
  all.push_back(
    number({"audio", "kbps", "Bit rate of that in kbit/s."}, part(&s::kbps), {32, 512}));
}

void add_document(job_list& all) {
  using s = document_options;
  const auto part = [](auto member) {
    return at(&parameters::document, member);
  };
  all.push_back(number({"document", "pages", "Page images made of one document, at most."},
                       part(&s::pages), {0, 500}));
  all.push_back(number({"document", "page_box", "Longer side of a page image in pixels."},
                       part(&s::page_box), {64, 8'192}));
  all.push_back(number({"document", "sheets", "Sheets of a workbook kept as CSV, at most."},
                       part(&s::sheets), {0, 500}));
}

void add_office(worker_list& all) {
  using s = office_options;
  const auto part = [](auto member) {
    return at(&worker_settings::office, member);
  };
  all.push_back(
    text({"document", "office", "The LibreOffice program: a path, or a name to look up in PATH."},
         part(&s::program), "a program", is_not_empty));
  all.push_back(seconds({"document", "office_timeout",
                         "Processor time of one conversion of a small document, in whole seconds."},
                        part(&s::timeout_s), {5 * second, hour}));
  all.push_back(number({"document", "office_timeout_per_mib",
                        "Seconds that are added to that for each MiB of the document."},
                       part(&s::timeout_per_mib_s), {0, 600}));
  all.push_back(
    number({"document", "office_warm",
            "LibreOffices started ahead, each for one preview; 0: none. Each takes about 100 MiB."},
           part(&s::warm), {0, 16}));
}

void add_archive(job_list& all) {
  all.push_back(size({"archive", "copy_below",
                      "Archives with less content are files of their own; of larger ones only what "
                      "the store does not have already is kept."},
                     at(&parameters::archive, &archive_options::copy_below),
                     {0, 1024 * 1024 * mib}));
}

void add_facts(job_list& all) {
  all.push_back(
    flag({"facts", "place", "Whether a file's record tells its owner where it was taken."},
         at(&parameters::facts, &facts_options::place)));
  all.push_back(number({"facts", "place_decimals", "Decimals of its degrees; 3 is about 100 m."},
                       at(&parameters::facts, &facts_options::place_decimals), {0, 6}));
}

void add_preview(job_list& all) {
  using s = preview_options;
  const auto part = [](auto member) {
    return at(&parameters::preview, member);
  };
  all.push_back(number({"preview", "box", "Width and height into which a preview fits, in pixels."},
                       part(&s::box), {16, 2'048}));
  all.push_back(
    number({"preview", "quality", "WebP quality of previews."}, part(&s::webp_quality), {1, 100}));
}

void add_sandbox(worker_list& all) {
  using s = sandbox_options;
  constexpr std::int64_t tib = 1024 * 1024 * mib;
  const auto part = [](auto member) {
    return at(&worker_settings::sandbox, member);
  };
  all.push_back(flag({"sandbox", "required",
                      "Whether nothing is decoded where the system lacks a part of the sandbox."},
                     part(&s::required)));
  all.push_back(size({"sandbox", "max_memory",
                      "Address space of one job; 0: three quarters of the machine's memory, shared "
                      "by the jobs that may run at once, at least 2 GiB."},
                     part(&s::memory_bytes), {0, tib}));
  all.push_back(seconds({"sandbox", "max_cpu", "Processor time of one job, in whole seconds."},
                        part(&s::cpu_s), {10 * second, 168 * hour}));
  all.push_back(size({"sandbox", "max_file", "Largest file a job may write."}, part(&s::file_bytes),
                     {mib, 32 * tib}));
  all.push_back(number({"sandbox", "max_open_files", "Files that one job has open at once."},
                       part(&s::open_files), {64, 65'536}));
  all.push_back(number({"sandbox", "jobs_per_worker", "Then a new worker takes its place."},
                       part(&s::jobs_per_worker), {1, 1'000'000}));
}

template <class List>
List made_by(std::initializer_list<void (*)(List&)> parts) {
  List all;
  for (auto* add : parts)
    add(all);
  return all;
}

// A section may have rows of both kinds: they stand together.
std::vector<option<settings>> make_all() {
  std::vector<option<settings>> all;
  for (const auto& one : job_options())
    all.push_back(inherited<settings>(one));
  for (const auto& one : worker_options()) {
    const auto last = std::find_if(all.rbegin(), all.rend(),
                                   [&](const auto& other) { return other.section == one.section; });
    all.insert(last == all.rend() ? all.end() : last.base(), inherited<settings>(one));
  }
  return all;
}

} // namespace

const std::vector<options::option<parameters>>& job_options() {
  static const auto all = made_by<job_list>({add_limits, add_preview, add_image, add_video,
                                             add_audio, add_document, add_archive, add_facts});
  return all;
}

const std::vector<options::option<worker_settings>>& worker_options() {
  static const auto all = made_by<worker_list>({add_office, add_sandbox});
  return all;
}

const std::vector<options::option<settings>>& all_options() {
  static const auto all = make_all();
  return all;
}

} // namespace mediad::media
