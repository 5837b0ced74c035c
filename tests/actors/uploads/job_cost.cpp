#define CAF_SUITE actors_uploads_job_cost

#include "actors/uploads/job_cost.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace mediad;
using media::job_kind;

namespace {

constexpr std::uint64_t mb = 1'000'000;

std::int64_t cost(job_kind kind, std::uint64_t bytes, const std::string& facts = "{}",
                  std::string_view type = {}) {
  return actors::cost_ms_of(kind, type, actors::extent_of(bytes, facts));
}

} // namespace

CAF_TEST(an encode costs what the duration and the picture of its video say) {
  const std::string hour = R"({"duration":3600,"width":1920,"height":1080})";
  const std::string small = R"({"duration":3600,"width":960,"height":540})";
  CAF_CHECK_EQUAL(cost(job_kind::video_compress, mb, hour), 3'600'500);
  CAF_CHECK_EQUAL(cost(job_kind::video_compress, mb, small), 900'500);
  CAF_CHECK_LESS(cost(job_kind::video_stream, mb, hour), 200'000);
}

CAF_TEST(by its bytes it costs if nothing else is known) {
  CAF_CHECK_EQUAL(cost(job_kind::video_compress, 10 * mb), 20'500);
  CAF_CHECK_EQUAL(cost(job_kind::image_renditions, 4 * mb), 700);
  CAF_CHECK_LESS(cost(job_kind::archive, 4 * mb), cost(job_kind::image_renditions, 4 * mb));
}

CAF_TEST(what LibreOffice converts costs more) {
  const auto text = cost(job_kind::document_pages, mb, "{}", "text/plain");
  const auto office = cost(job_kind::document_pages, mb, "{}", "application/msword");
  CAF_CHECK_LESS(text, office);
}

CAF_TEST(whatever a worker says a job costs between ten milliseconds and a day) {
  const std::string deep(100, '[');
  for (const std::string facts :
       {R"({"duration":1e300,"width":1e300,"height":1e300})", R"({"duration":-5,"width":-1})",
        R"({"duration":"long","width":null,"height":[]})", "no JSON", deep.c_str(), ""}) {
    for (auto kind = 1; kind <= static_cast<int>(job_kind::early_preview); ++kind) {
      const auto ms = cost(static_cast<job_kind>(kind), ~std::uint64_t{0}, facts);
      CAF_CHECK(ms >= 10 && ms <= 86'400'000);
    }
    CAF_CHECK_EQUAL(cost(job_kind::video_preview, 0, facts), 300);
  }
}
