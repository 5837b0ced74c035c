#include "media/job/routing.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

// The pictures that the light worker reads; of camera raw files it takes the preview.
constexpr std::array<std::string_view, 26> own_images{"image/jpeg",
                                                      "image/png",
                                                      "image/webp",
                                                      "image/gif",
                                                      "image/avif",
                                                      "image/heic",
                                                      "image/x-canon-cr2",
                                                      "image/x-canon-cr3",
                                                      "image/x-adobe-dng",
                                                      "image/x-nikon-nef",
                                                      "image/x-sony-arw",
                                                      "image/x-pentax-pef",
                                                      "image/x-fuji-raf",
                                                      "image/x-olympus-orf",
                                                      "image/x-samsung-srw",
                                                      "image/x-panasonic-rw2",
                                                      "image/bmp",
                                                      "image/vnd.microsoft.icon",
                                                      "image/x-tga",
                                                      "image/x-portable-bitmap",
                                                      "image/x-portable-graymap",
                                                      "image/x-portable-pixmap",
                                                      "image/x-portable-anymap",
                                                      "image/qoi",
                                                      "image/x-dcraw",
                                                      "image/vnd.adobe.photoshop"};

} // namespace

bool is_archive_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 8> types{
    "application/zip",     "application/x-tar", "application/x-7z-compressed",
    "application/vnd.rar", "application/gzip",  "application/x-bzip2",
    "application/x-xz",    "application/zstd"};
  return std::find(types.begin(), types.end(), media_type) != types.end();
}

bool is_office_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 7> beginnings{
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/rtf",
    "text/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint"};
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
