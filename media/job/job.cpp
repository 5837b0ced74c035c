#include "media/job/job.hpp"

#include "base/enum_words.hpp"

#include <array>

namespace mediad::media {
namespace {

// Each table is in the order of its enum, which counts from 1.
constexpr std::array<std::string_view, 5> worker_kinds{"light", "deep_image", "av", "document",
                                                       "office"};
constexpr std::array<std::string_view, 15> job_kinds{
  "identify",        "image_preview", "image_renditions", "video_preview",  "video_screenshots",
  "video_compress",  "audio_preview", "document_preview", "document_pages", "document_text",
  "archive_listing", "video_stream",  "audio_renditions", "archive",        "early_preview"};

} // namespace

std::string_view to_string(worker_kind kind) {
  return word_of(worker_kinds, kind);
}

std::string_view to_string(job_kind kind) {
  return word_of(job_kinds, kind);
}

std::optional<worker_kind> parse_worker_kind(std::string_view word) {
  return value_of<worker_kind>(worker_kinds, word);
}

std::optional<job_kind> parse_job_kind(std::string_view word) {
  return value_of<job_kind>(job_kinds, word);
}

} // namespace mediad::media
