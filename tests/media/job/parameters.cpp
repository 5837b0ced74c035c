#define CAF_SUITE media_job_parameters

#include "media/job/json.hpp"
#include "media/options.hpp"
#include "tests/members_of.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using mediad::tests::members_of;

namespace {

template <class Rows>
std::size_t rows_of(const Rows& all, std::string_view section) {
  return static_cast<std::size_t>(
    std::count_if(all.begin(), all.end(), [=](const auto& row) { return row.section == section; }));
}

/// Changes every member that @p rows know.
template <class Settings>
void change_all(Settings& s, const std::vector<options::option<Settings>>& rows) {
  for (const auto& row : rows) {
    nlohmann::json j = row.to_json(s);
    if (j.is_boolean())
      j = !j.get<bool>();
    else if (j.is_number())
      j = j.get<double>() + 1;
    else if (j.is_string())
      j = j.get<std::string>() + "?";
    else if (j.empty())
      j = nlohmann::json::array({"gps"});
    else
      j.erase(j.begin());
    row.from_json(s, j);
  }
}

} // namespace

CAF_TEST(settings arrive as they were sent) {
  worker_settings sent;
  change_all(sent, worker_options());
  sent.office.program = "/opt/office";
  const auto packet = encode(sent);
  const auto back = decode_settings(packet).value();
  CAF_CHECK_EQUAL(encode(back), packet);
  CAF_CHECK_EQUAL(back.office.program, "/opt/office");
  CAF_CHECK_EQUAL(back.sandbox.jobs_per_worker, settings{}.sandbox.jobs_per_worker + 1);
}

CAF_TEST(every member of the settings has its row) {
  const auto& of_jobs = job_options();
  CAF_CHECK_EQUAL(rows_of(of_jobs, "limits"), members_of<limits>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "preview"), members_of<preview_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "image"), members_of<image_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "video"), members_of<video_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "audio"), members_of<audio_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "document"), members_of<document_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "archive"), members_of<archive_options>());
  CAF_CHECK_EQUAL(rows_of(of_jobs, "facts"), members_of<facts_options>());
  CAF_CHECK_EQUAL(members_of<parameters>(), 8u); // the structs above
  CAF_CHECK_EQUAL(rows_of(worker_options(), "document"), members_of<office_options>());
  CAF_CHECK_EQUAL(rows_of(worker_options(), "sandbox"), members_of<sandbox_options>());
  CAF_CHECK_EQUAL(members_of<worker_settings>(), 2u); // the two above
  CAF_CHECK_EQUAL(all_options().size(), of_jobs.size() + worker_options().size());
}

CAF_TEST(the rows of a section stand together) {
  std::vector<std::string> sections;
  for (const auto& row : all_options())
    if (sections.empty() || sections.back() != row.section)
      sections.push_back(row.section);
  std::sort(sections.begin(), sections.end());
  CAF_CHECK(std::adjacent_find(sections.begin(), sections.end()) == sections.end());
}

CAF_TEST(a job carries every parameter that differs and stays small) {
  job work;
  const auto usual = encode(work).size();
  change_all<parameters>(work.parameters, job_options());
  const auto packet = encode(work);
  const auto back = decode_job(packet).value();
  CAF_CHECK(back.parameters == work.parameters);
  for (const auto& row : job_options())
    CAF_CHECK(row.to_json(work.parameters) != row.to_json({}));
  CAF_CHECK_LESS(packet.size() - usual, 4096u);
}

CAF_TEST(a parameter that this program does not know is refused by name) {
  job work;
  work.parameters.preview.box = 50;
  auto packet = encode(work);
  const auto refused = decode_job(packet.replace(packet.find("box"), 1, "?"));
  CAF_REQUIRE_EQUAL(refused.has_value(), false);
  CAF_CHECK_NOT_EQUAL(refused.error().detail.find("preview.?ox"), std::string::npos);
}
