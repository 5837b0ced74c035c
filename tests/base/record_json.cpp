#define CAF_SUITE base_record_json

#include "base/record_json.hpp"

#include "base/event_json.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mediad;
using nlohmann::ordered_json;

namespace {

const std::string digest(64, 'a');

file_record full_record() {
  file_record r;
  r.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  r.user = "01BX5ZZKBKACTAV9WEVGEMMVRZ";
  r.name = "beach.jpg";
  r.profile = profile::image;
  r.media_type = "image/jpeg";
  r.bytes = 5'000'000'000;
  r.sha256 = digest;
  r.state = status::processing;
  r.now_at = stage::renditions;
  r.progress = 0.4;
  r.attempt = 2;
  r.preview = {{"preview.webp", "image/webp", 320, 213, 5'000, digest},
               "1QcSHQRnh493V4dIh4eXh1h4kJUI"};
  r.media = R"({"width":4032,"height":3024})";
  r.renditions = {{"w640.webp", "image/webp", 640, 426, 51'234, digest},
                  {"text.txt", "text/plain", 0, 0, 12, digest}};
  r.archive = {"archive.zip", "application/zip", 0, 0, 99, digest};
  r.failure = {"corrupt_media", "The file is damaged."};
  r.created_at = 1'795'363'445'123;
  r.updated_at = 1'795'363'446'000;
  r.taken_at = -1;
  r.seq = 412;
  r.link_name = "beach (2).jpg";
  return r;
}

} // namespace

CAF_TEST(clients see the record of the contract and nothing private) {
  const auto j = public_json(full_record());
  CAF_CHECK_EQUAL(j.at("progress_id"), j.at("id"));
  CAF_CHECK_EQUAL(j.at("status").get<std::string>(), "processing");
  CAF_CHECK_EQUAL(j.at("stage").get<std::string>(), "renditions");
  CAF_CHECK_EQUAL(j.at("preview").at("url").get<std::string>(),
                  "/v1/files/01ARZ3NDEKTSV4RRFFQ69G5FAV/preview");
  CAF_CHECK_EQUAL(j.at("media").at("width").get<int>(), 4032);
  CAF_CHECK_EQUAL(j.at("created_at").get<std::string>(), "2026-11-22T16:04:05.123Z");
  CAF_CHECK_EQUAL(j.at("taken_at").get<std::string>(), "1969-12-31T23:59:59.999Z");
  CAF_CHECK(!j.contains("private"));
  CAF_CHECK(!j.contains("link_name"));
  CAF_CHECK(!j.at("renditions").at(1).contains("width"));
}

CAF_TEST(what is absent is null) {
  const auto j = public_json(file_record{});
  for (const auto* name : {"folder", "stage", "preview", "archive", "failure", "taken_at"})
    CAF_CHECK(j.at(name).is_null());
  CAF_CHECK(j.at("renditions").is_array());
}

CAF_TEST(facts that are no object are an empty one) {
  auto r = full_record();
  for (const auto* media : {"", "null", "[]", "{", "7"}) {
    r.media = media;
    const auto shown = public_json(r);
    CAF_CHECK_EQUAL(shown.at("media"), ordered_json::object());
  }
}

CAF_TEST(the digest of an archive is that of the whole or none) {
  auto r = full_record();
  CAF_CHECK_EQUAL(public_json(r).at("archive").at("sha256").get<std::string>(), digest);
  r.splices = {{0, "", r.bytes}};
  CAF_CHECK(public_json(r).at("archive").at("sha256").is_null());
}

CAF_TEST(users are shown by their names) {
  auto r = full_record();
  r.user_name = "ann";
  const auto j = public_json(r);
  CAF_CHECK_EQUAL(j.at("user").get<std::string>(), "ann");
  CAF_CHECK_EQUAL(j.dump().find(r.user), std::string::npos);
}

CAF_TEST(below a base path each path begins with it) {
  const auto text = public_json(full_record(), "/media").dump();
  for (std::size_t at = 0; (at = text.find("/v1/", at)) != std::string::npos; ++at)
    CAF_CHECK_EQUAL(text.substr(at - 6, 6), "/media");
  event e;
  e.type = "file.ready";
  e.file = full_record();
  e.file_id = e.file.id;
  const auto frame = ordered_json::parse(frame_of(e, "/media"));
  CAF_CHECK_EQUAL(frame.at("file"), public_json(e.file, "/media"));
}

CAF_TEST(a frame about a share tells of it what its sharer may know) {
  event e;
  e.seq = 7;
  e.type = "share.updated";
  e.share.id = "01JD0000000000000000000000";
  e.share.digest = "never told";
  e.share.allow = share_allow::upload;
  e.share.password = "a hash";
  e.share.profiles = 1U << static_cast<unsigned>(profile::image);
  e.share = without_secrets(e.share);
  const auto frame = ordered_json::parse(frame_of(e));
  CAF_CHECK_EQUAL(frame.at("type").get<std::string>(), "share.updated");
  const auto& share = frame.at("share");
  CAF_CHECK_EQUAL(share.at("id").get<std::string>(), e.share.id);
  CAF_CHECK(share.at("has_password").get<bool>());
  CAF_CHECK_EQUAL(share.at("limits").dump(), R"({"files":null,"bytes":null,"profiles":["image"]})");
  CAF_CHECK_EQUAL(frame.dump().find("hash"), std::string::npos);
  CAF_CHECK_EQUAL(frame.dump().find("never"), std::string::npos);
}

CAF_TEST(a frame carries the record or the message and their time) {
  event e;
  e.seq = 7;
  e.type = "file.deleted";
  e.at = 1'795'363'445'123;
  e.file = full_record();
  e.file_id = e.file.id;
  const auto frame = ordered_json::parse(frame_of(e));
  CAF_CHECK_EQUAL(frame.at("seq").get<int>(), 7);
  CAF_CHECK_EQUAL(frame.at("id").get<std::string>(), e.file.id);
  CAF_CHECK_EQUAL(frame.at("file"), public_json(e.file));
  CAF_CHECK_EQUAL(frame.at("at").get<std::string>(), "2026-11-22T16:04:05.123Z");
  e.type = "notice";
  e.file = {};
  e.message = "tea \xff";
  const auto notice = ordered_json::parse(frame_of(e));
  CAF_CHECK_EQUAL(notice.at("message").get<std::string>(), "tea \uFFFD");
  CAF_CHECK_EQUAL(notice.size(), 4u);
}
