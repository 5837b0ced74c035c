#define CAF_SUITE base_record_json

#include "base/record_json.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mediad;
using nlohmann::ordered_json;

namespace {

const std::string digest(64, 'a');

file_record full_record() {
  file_record r;
  r.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  r.user = "ann";
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
  r.seq = 412;
  r.link_name = "beach (2).jpg";
  return r;
}

file_record there_and_back(const file_record& r) {
  return parse_stored(stored_json(r)).value();
}

} // namespace

CAF_TEST(a full record comes back as it was) {
  const auto r = full_record();
  const auto back = there_and_back(r);
  CAF_CHECK_EQUAL(stored_json(back), stored_json(r));
  CAF_CHECK_EQUAL(back.preview.file.name, "preview.webp");
  CAF_CHECK_EQUAL(back.preview.file.bytes, 5'000u);
  CAF_CHECK_EQUAL(back.preview.file.sha256, digest);
  CAF_CHECK_EQUAL(back.link_name, "beach (2).jpg");
  CAF_CHECK_EQUAL(back.seq, 412u);
  CAF_CHECK_EQUAL(back.renditions.size(), 2u);
  CAF_CHECK_EQUAL(back.archive.name, "archive.zip");
  CAF_CHECK(back.now_at == stage::renditions);
  CAF_CHECK_EQUAL(back.created_at, r.created_at);
}

CAF_TEST(an empty record comes back as it was) {
  file_record r;
  r.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const auto back = there_and_back(r);
  CAF_CHECK_EQUAL(stored_json(back), stored_json(r));
  CAF_CHECK(!back.preview.exists());
  CAF_CHECK(back.failure.code.empty());
}

CAF_TEST(every word of status and profile and stage comes back) {
  auto r = full_record();
  for (const auto s : {status::receiving, status::registered, status::processing, status::ready,
                       status::failed, status::cancelled}) {
    r.state = s;
    CAF_CHECK(there_and_back(r).state == s);
  }
  for (const auto p :
       {profile::other, profile::image, profile::video, profile::audio, profile::document}) {
    r.profile = p;
    CAF_CHECK(there_and_back(r).profile == p);
  }
  for (const auto s : {stage::none, stage::preview, stage::renditions, stage::compress,
                       stage::screenshots, stage::pages, stage::text, stage::archive}) {
    r.now_at = s;
    CAF_CHECK(there_and_back(r).now_at == s);
  }
}

CAF_TEST(hostile names come back as they were) {
  auto r = full_record();
  const std::string names[] = {
    "\"},{\"private\":{", "\\\\\\\"",     "</script><script>", std::string{"nul\0nul", 7},
    "new\nline",          "\u202e\u0000", "ö \U0001F3D6"};
  for (const auto& name : names) {
    r.name = name;
    const auto back = there_and_back(r);
    CAF_CHECK_EQUAL(back.name, name);
    CAF_CHECK_EQUAL(back.link_name, r.link_name);
  }
}

CAF_TEST(bytes that are no UTF8 are replaced and break nothing) {
  auto r = full_record();
  r.name = "f\xfcr\xff.jpg";
  CAF_CHECK_EQUAL(there_and_back(r).name, "f\uFFFDr\uFFFD.jpg");
}

CAF_TEST(clients see the record of the contract and nothing private) {
  const auto j = public_json(full_record());
  CAF_CHECK_EQUAL(j.at("progress_id"), j.at("id"));
  CAF_CHECK_EQUAL(j.at("status").get<std::string>(), "processing");
  CAF_CHECK_EQUAL(j.at("stage").get<std::string>(), "renditions");
  CAF_CHECK_EQUAL(j.at("preview").at("url").get<std::string>(),
                  "/v1/files/01ARZ3NDEKTSV4RRFFQ69G5FAV/preview");
  CAF_CHECK_EQUAL(j.at("media").at("width").get<int>(), 4032);
  CAF_CHECK_EQUAL(j.at("created_at").get<std::string>(), "2026-11-22T16:04:05.123Z");
  CAF_CHECK(!j.contains("private"));
  CAF_CHECK(!j.contains("link_name"));
  CAF_CHECK(!j.at("renditions").at(1).contains("width"));
}

CAF_TEST(what is absent is null) {
  const auto j = public_json(file_record{});
  for (const auto* name : {"stage", "preview", "archive", "failure"})
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

CAF_TEST(a text that stored_json did not write is refused) {
  auto wrong_word = ordered_json::parse(stored_json(full_record()));
  wrong_word["status"] = "almost";
  auto without = ordered_json::parse(stored_json(full_record()));
  without.erase("private");
  auto wrong_type = ordered_json::parse(stored_json(full_record()));
  wrong_type["bytes"] = "many";
  for (const auto& text : {std::string{}, std::string{"{}"}, std::string{"[]"}, wrong_word.dump(),
                           without.dump(), wrong_type.dump()}) {
    const auto parsed = parse_stored(text);
    CAF_REQUIRE(!parsed);
    CAF_CHECK(parsed.error().code == errc::internal);
  }
}
