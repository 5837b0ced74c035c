#include "media/job/routing.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

// The pictures that the light worker reads; of camera raw files it takes the preview.
constexpr std::array own_images{
  "image/jpeg"sv,
  "image/png"sv,
  "image/webp"sv,
  "image/gif"sv,
  "image/avif"sv,
  "image/heic"sv,
  "image/bmp"sv,
  "image/qoi"sv,
  "image/x-tga"sv,
  "image/vnd.microsoft.icon"sv,
  "image/vnd.adobe.photoshop"sv,
  "image/x-portable-bitmap"sv,
  "image/x-portable-graymap"sv,
  "image/x-portable-pixmap"sv,
  "image/x-portable-anymap"sv,
  "image/x-adobe-dng"sv,
  "image/x-canon-cr2"sv,
  "image/x-canon-cr3"sv,
  "image/x-canon-crw"sv,
  "image/x-dcraw"sv,
  "image/x-fuji-raf"sv,
  "image/x-minolta-mrw"sv,
  "image/x-nikon-nef"sv,
  "image/x-olympus-orf"sv,
  "image/x-panasonic-rw2"sv,
  "image/x-pentax-pef"sv,
  "image/x-samsung-srw"sv,
  "image/x-sigma-x3f"sv,
  "image/x-sony-arw"sv,
};

} // namespace

bool is_archive_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 8> types{
    "application/zip",     "application/x-tar", "application/x-7z-compressed",
    "application/vnd.rar", "application/gzip",  "application/x-bzip2",
    "application/x-xz",    "application/zstd"};
  return std::find(types.begin(), types.end(), media_type) != types.end();
}

bool is_office_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 13> beginnings{
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/rtf",
    "text/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.visio",
    "application/vnd.ms-visio",
    "application/x-mspublisher",
    "application/vnd.apple.",
    "image/wmf",
    "image/emf"};
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](auto beginning) { return media_type.starts_with(beginning); });
}

worker_kind worker_for(job_kind kind, std::string_view media_type) {
  switch (kind) {
  case job_kind::identify:
  case job_kind::archive:
  case job_kind::early_preview: return worker_kind::light;
  case job_kind::image_preview:
  case job_kind::image_renditions: {
    const bool own_reader =
      std::find(own_images.begin(), own_images.end(), media_type) != own_images.end();
    return own_reader ? worker_kind::light : worker_kind::deep_image;
  }
  case job_kind::video_preview:
  case job_kind::video_screenshots:
  case job_kind::video_compress:
  case job_kind::video_stream:
  case job_kind::audio_renditions:
  case job_kind::audio_preview: return worker_kind::av;
  case job_kind::archive_listing: return worker_kind::document;
  case job_kind::document_preview:
  case job_kind::document_pages:
  case job_kind::document_text:
    return is_office_type(media_type) ? worker_kind::office : worker_kind::document;
  }
  return worker_kind::light;
}

} // namespace mediad::media
