#include "actors/uploads/job_cost.hpp"

#include "media/job/facts.hpp"
#include "media/job/routing.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mediad::actors {
namespace {

using media::job_kind;

constexpr double most_seconds = 86'400;
constexpr double most_pixels = 1e9;
constexpr double full_hd = 1'920.0 * 1'080;

double number_in(const nlohmann::json& object, const char* name, double most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number())
    return 0;
  const auto value = found->get<double>();
  return std::isfinite(value) ? std::clamp(value, 0.0, most) : 0;
}

double per_mb(const extent& e, double ms) {
  return static_cast<double>(e.bytes) / 1e6 * ms;
}

/// @param ms  for a second of 1920 x 1080, @param ms_per_mb  where the duration is not known.
double by_video(const extent& e, double ms, double ms_per_mb) {
  if (e.seconds == 0)
    return per_mb(e, ms_per_mb);
  return e.seconds * ms * (e.pixels > 0 ? e.pixels / full_hd : 1);
}

double by_sound(const extent& e, double ms, double ms_per_mb) {
  return e.seconds > 0 ? e.seconds * ms : per_mb(e, ms_per_mb);
}

double by_picture(const extent& e, double ms_per_megapixel, double ms_per_mb) {
  return e.pixels > 0 ? e.pixels / 1e6 * ms_per_megapixel : per_mb(e, ms_per_mb);
}

double estimate(job_kind kind, bool is_office, const extent& e) {
  switch (kind) {
  case job_kind::identify: return 20;
  case job_kind::early_preview:
  case job_kind::image_preview: return 50 + by_picture(e, 10, 30);
  case job_kind::image_renditions: return 100 + by_picture(e, 50, 150);
  case job_kind::video_preview: return 300;
  case job_kind::video_screenshots: return 500 + by_video(e, 20, 50);
  case job_kind::video_compress: return 500 + by_video(e, 1'000, 2'000);
  case job_kind::video_stream: return 300 + by_video(e, 50, 100);
  case job_kind::audio_preview: return 200 + by_sound(e, 5, 50);
  case job_kind::audio_renditions: return 300 + by_sound(e, 20, 300);
  case job_kind::document_preview: return is_office ? 3'000 : 300 + per_mb(e, 20);
  case job_kind::document_pages: return (is_office ? 4'000 : 1'000) + per_mb(e, 200);
  case job_kind::document_text: return (is_office ? 3'000 : 200) + per_mb(e, 50);
  case job_kind::archive_listing: return 100 + per_mb(e, 10);
  case job_kind::archive: return 50 + per_mb(e, 2);
  }
  return 0;
}

} // namespace

extent extent_of(std::uint64_t bytes, const std::string& facts) {
  // Deeper than its members nothing is looked at; merged_facts() refuses what nests deeply.
  const auto known = nlohmann::json::parse(media::merged_facts("{}", facts), nullptr, false);
  extent e;
  e.bytes = bytes;
  e.seconds = number_in(known, "duration", most_seconds);
  constexpr double most_side = 1e6;
  const auto pixels = number_in(known, "width", most_side) * number_in(known, "height", most_side);
  e.pixels = std::min(pixels, most_pixels);
  return e;
}

std::int64_t cost_ms_of(job_kind kind, std::string_view media_type, const extent& e) {
  constexpr double least_ms = 10;
  const auto ms = estimate(kind, media::is_office_type(media_type), e);
  return std::llround(std::clamp(ms, least_ms, most_seconds * 1'000));
}

} // namespace mediad::actors
