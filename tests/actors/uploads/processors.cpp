#define CAF_SUITE actors_uploads_processors

#include "actors/uploads/processors.hpp"

#include "tests/actors/fixture.hpp"

#include <nlohmann/json.hpp>

using namespace mediad;
using namespace mediad::tests;
using media::job_kind;

namespace {

media::job_result one_file(const std::string& name) {
  media::job_result r;
  r.files.emplace_back();
  r.files.back().name = name;
  return r;
}

/// What a sound worker would answer: one file a job, named after it.
result<media::job_result> obey(const media::job& j) {
  auto r = one_file(std::string{to_string(j.kind)});
  r.media = nlohmann::json{{std::string{to_string(j.kind)}, true}}.dump();
  return r;
}

struct fixture : actor_fixture {
  pool_log pool;
  upload_log upload;
  codec_pool_actor pool_handle = fake_pool(sys, pool);
  upload_actor upload_handle = fake_upload(sys, upload);
  media::parameters parameters;

  fixture() {
    pool.run = obey;
  }

  result<storage::finished_attempt> process(profile kind, const std::string& has_preview = {}) {
    assignment a;
    a.record.preview.file.name = has_preview;
    a.record.id = "f1";
    a.record.user = "ann";
    a.record.name = "beach.jpg";
    a.record.attempt = 2;
    a.record.sha256 = "c0ffee";
    a.record.bytes = 5;
    a.work_dir = "/work";
    const auto processor =
      actors::spawn_processor(sys, kind, {pool_handle, upload_handle, parameters});
    const auto answer = ask<storage::finished_attempt>(processor, process_atom_v, a);
    CAF_REQUIRE(*answer);
    return **answer;
  }

  std::vector<job_kind> kinds() const {
    std::vector<job_kind> all;
    for (const auto& j : pool.jobs)
      all.push_back(j.kind);
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(processors_tests, fixture)

CAF_TEST(jobs carry the owner of the file and what they are expected to cost) {
  pool.run = [](const media::job& j) {
    auto r = obey(j);
    if (j.kind == job_kind::video_preview)
      r->media = R"({"duration":100,"width":1920,"height":1080})";
    return r;
  };
  process(profile::video).value();
  for (const auto& j : pool.jobs) {
    CAF_CHECK_EQUAL(j.owner, "ann");
    CAF_CHECK_EQUAL(j.payer, "ann");
    CAF_CHECK_LESS(0, j.cost_ms);
    if (j.kind == job_kind::video_compress)
      CAF_CHECK_EQUAL(j.cost_ms, 100'500);
  }
}

CAF_TEST(every profile but other begins with its preview in the preview lane) {
  for (auto kind : {profile::image, profile::video, profile::audio, profile::document}) {
    pool.lanes.clear();
    static_cast<void>(process(kind));
    CAF_CHECK(pool.lanes.front() == lane::preview);
    CAF_CHECK(std::all_of(pool.lanes.begin() + 1, pool.lanes.end(),
                          [](lane l) { return l == lane::batch; }));
  }
  CAF_CHECK_EQUAL(upload.previews.size(), 4u);
}

CAF_TEST(every job carries the parameters) {
  parameters.preview.box = 50;
  static_cast<void>(process(profile::video));
  for (const auto& j : pool.jobs)
    CAF_CHECK(j.parameters == parameters);
}

CAF_TEST(a preview that is there already is not made again) {
  static_cast<void>(process(profile::image, "preview.webp"));
  const std::vector<job_kind> expected{job_kind::image_renditions, job_kind::archive};
  CAF_CHECK(kinds() == expected);
}

CAF_TEST(every profile ends with its archive) {
  for (auto kind :
       {profile::image, profile::video, profile::audio, profile::document, profile::other}) {
    const auto made = process(kind);
    CAF_CHECK_EQUAL(made->archive.name, "archive");
    CAF_CHECK(pool.jobs.back().kind == job_kind::archive);
  }
}

CAF_TEST(a video is previewed then shot then compressed then zipped) {
  static_cast<void>(process(profile::video));
  const std::vector<job_kind> expected{job_kind::video_preview, job_kind::video_screenshots,
                                       job_kind::video_compress, job_kind::video_stream,
                                       job_kind::archive};
  CAF_CHECK(kinds() == expected);
}

CAF_TEST(the archive is asked to hold every rendition and no preview) {
  static_cast<void>(process(profile::document));
  const std::vector<std::string> expected{"document_pages", "document_text"};
  std::vector<std::string> asked;
  for (const auto& member : pool.jobs.back().members)
    asked.push_back(member.name);
  CAF_CHECK_EQUAL(asked, expected);
}

CAF_TEST(the outcome names the attempt and gathers what every job found) {
  const auto made = process(profile::document);
  CAF_CHECK_EQUAL(made->id, "f1");
  CAF_CHECK_EQUAL(made->attempt, 2u);
  CAF_CHECK_EQUAL(made->renditions.size(), 2u);
  const auto found = nlohmann::json::parse(made->media);
  CAF_CHECK(found.contains("document_pages") && found.contains("document_text"));
}

CAF_TEST(the first failure ends the plan and is the answer) {
  pool.run = [](const media::job& j) -> result<media::job_result> {
    if (j.kind == job_kind::video_compress)
      return fail(errc::corrupt_media, "moov atom not found");
    return obey(j);
  };
  const auto made = process(profile::video);
  CAF_REQUIRE(!made);
  CAF_CHECK(made.error().code == errc::corrupt_media);
  CAF_CHECK_EQUAL(pool.jobs.size(), 3u);
}

CAF_TEST(what takes too long is left out and named) {
  pool.run = [](const media::job& j) -> result<media::job_result> {
    if (j.kind == job_kind::video_compress || j.kind == job_kind::document_pages)
      return fail(errc::timeout, "slow");
    return obey(j);
  };
  for (const auto kind : {profile::video, profile::document}) {
    const auto made = process(kind);
    CAF_REQUIRE(made);
    CAF_CHECK_EQUAL(made->archive.name, "archive");
    const auto found = nlohmann::json::parse(made->media);
    const auto* name = kind == profile::video ? "compress_failed" : "pages_failed";
    CAF_CHECK_EQUAL(found.at(name).get<std::string>(), "timeout");
  }
}

CAF_TEST(a preview or an archive that takes too long is a failure) {
  for (const auto slow : {job_kind::document_preview, job_kind::archive}) {
    pool.run = [slow](const media::job& j) -> result<media::job_result> {
      return j.kind == slow ? result<media::job_result>{fail(errc::timeout, "slow")} : obey(j);
    };
    const auto made = process(profile::document);
    CAF_REQUIRE(!made);
    CAF_CHECK(made.error().code == errc::timeout);
  }
}

CAF_TEST(a video container that only has sound goes on as audio) {
  pool.run = [](const media::job& j) {
    auto r = obey(j);
    if (j.kind == job_kind::video_preview)
      r->profile = profile::audio;
    return r;
  };
  static_cast<void>(process(profile::video));
  const std::vector<job_kind> expected{job_kind::video_preview, job_kind::audio_renditions,
                                       job_kind::archive};
  CAF_CHECK(kinds() == expected);
  CAF_REQUIRE_EQUAL(upload.previews.size(), 1u);
  CAF_CHECK(upload.previews[0].profile == profile::audio);
}

CAF_TEST(progress grows from nothing to all) {
  static_cast<void>(process(profile::video));
  double last = 0;
  for (const auto& p : upload.progress) {
    CAF_CHECK(p.fraction >= last);
    last = p.fraction;
  }
  CAF_CHECK_EQUAL(upload.progress.front().fraction, 0.0);
  CAF_CHECK(upload.progress.front().now_at == stage::preview);
  CAF_CHECK(upload.progress.back().fraction > 0.999);
}

CAF_TEST_FIXTURE_SCOPE_END()
