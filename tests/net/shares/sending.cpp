#define CAF_SUITE net_shares_sending

#include "tests/net/shares/shares_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

const std::string tus = "Tus-Resumable: 1.0.0\r\n";
const std::string bytes_of_tus = tus + "Content-Type: application/offset+octet-stream\r\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(sending_tests, shares_fixture)

CAF_TEST(what a guest sends is the sharers and the guest sees none of it) {
  start_with_people();
  const auto path = inbox().path;
  const auto sent = ask("POST", path + "/files?name=a.bin", "sand");
  CAF_CHECK_EQUAL(sent.status, 201);
  const auto told = json::parse(sent.body);
  const auto id = told["id"].get<std::string>();
  CAF_CHECK_EQUAL(told.size(), 3U);
  CAF_CHECK_EQUAL(sent.field("location"), path + "/files/" + id);
  CAF_CHECK_EQUAL(sent.field("link"), "");
  const auto whose = find(id).user;
  CAF_CHECK_EQUAL(whose, ada);
  CAF_CHECK_EQUAL(stored_bytes(id), "sand");
  for (const auto* what : {"", "/preview", "/content", "/renditions/w640.webp", "/archive"})
    CAF_CHECK_EQUAL(status_at(path + "/files/" + id + what), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files"), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + id, "", "DELETE"), 405);
}

CAF_TEST(a name that is taken gets a number and overwrites nothing) {
  start_with_people();
  const auto mine = scene::upload("local", "a.bin", "mine").id;
  const auto path = inbox().path;
  const auto id = json::parse(ask("POST", path + "/files?name=a.bin", "sand").body)["id"];
  CAF_CHECK_EQUAL(stored_bytes(mine), "mine");
  const auto names = std::pair{find(id).link_name, find(mine).link_name};
  CAF_CHECK(names.first != names.second);
}

CAF_TEST(guests send by tus and go on where they were) {
  start_with_people();
  const auto path = inbox().path;
  const auto begun = ask("POST", path + "/files", "", tus + "Upload-Length: 4\r\n");
  CAF_CHECK_EQUAL(begun.status, 201);
  const auto place = begun.field("location");
  CAF_CHECK(place.starts_with(path + "/files/"));
  CAF_CHECK_EQUAL(status_in(ask("PATCH", place, "sa", bytes_of_tus + "Upload-Offset: 0\r\n")), 204);
  CAF_CHECK_EQUAL(ask("HEAD", place, "", tus).field("upload-offset"), "2");
  // Neither of another share nor of the sharer's own uploads.
  const auto id = place.substr(place.rfind('/'));
  CAF_CHECK_EQUAL(status_at(inbox().path + "/files" + id, tus, "HEAD"), 404);
  CAF_CHECK_EQUAL(status_in(ask("PATCH", place, "nd", bytes_of_tus + "Upload-Offset: 2\r\n")), 204);
  CAF_CHECK_EQUAL(stored_bytes(id.substr(1)), "sand");
}

CAF_TEST(what would tell a guest of other files is refused) {
  start_with_people();
  const auto path = inbox().path + "/files?name=a.bin";
  for (const auto* field : {"Idempotency-Key: \"a\"", "Upload-Concat: partial",
                            "Upload-Complete: ?1", "Upload-Defer-Length: 1"})
    CAF_CHECK_EQUAL(status_in(ask("POST", path, "sand", field + std::string{"\r\n"})), 400);
  CAF_CHECK_EQUAL(status_in(ask("POST", path, "sand", "Upload-Length: 4\r\n")), 400);
  http_client c{server->address()};
  c.send("POST " + path + " HTTP/1.1\r\nHost: mediad.test\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto endless = c.read().status;
  CAF_CHECK_EQUAL(endless, 411);
}

CAF_TEST(a share takes no more than its limits) {
  start_with_people();
  const auto some = inbox({{"limits", {{"files", 1}, {"bytes", 5}}}});
  const auto path = some.path + "/files?name=a.bin";
  const auto left = json_at(some.path + "/share")["left"];
  CAF_CHECK_EQUAL(left["bytes"], 5);
  CAF_CHECK_EQUAL(status_in(ask("POST", path, "six---")), 413);
  const auto too_long =
    status_in(ask("POST", some.path + "/files", "", tus + "Upload-Length: 6\r\n"));
  CAF_CHECK_EQUAL(too_long, 413);
  CAF_CHECK_EQUAL(status_in(ask("POST", path, "sand")), 201);
  CAF_CHECK_EQUAL(code_of(ask("POST", path, "x")), "share_full");
  const auto sent = json_at("/v1/shares/" + some.id, ada_all())["sent"];
  CAF_CHECK_EQUAL(sent["files"], 1);
  const auto form = inbox({{"limits", {{"bytes", 5}}}}).path + "/files";
  const auto files = form_of({{"a.bin", "sand"}, {"b.bin", "sea"}}, "xx");
  CAF_CHECK_EQUAL(
    status_in(ask("POST", form, files, "Content-Type: multipart/form-data; boundary=xx\r\n")), 507);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a guest is told what is left of the shares limit) {
  options.max_file_bytes = 100;
  start_with_people();
  const auto size_at = [this](const std::string& path) {
    return ask("OPTIONS", path + "/files").field("tus-max-size");
  };
  const auto some = inbox({{"limits", {{"bytes", 9}}}}).path;
  CAF_CHECK_EQUAL(size_at(some), "9");
  CAF_CHECK_EQUAL(status_in(ask("POST", some + "/files?name=a.bin", "sand")), 201);
  CAF_CHECK_EQUAL(size_at(some), "5");
  CAF_CHECK_EQUAL(size_at(inbox().path), "100");
  CAF_CHECK_EQUAL(size_at("/s/unknown"), "100");
  const auto extensions = ask("OPTIONS", some + "/files").field("tus-extension");
  CAF_CHECK_EQUAL(extensions.find("concatenation"), std::string::npos);
}

CAF_TEST(what others have sent meanwhile counts for an upload that goes on) {
  start_with_people();
  const auto path = inbox({{"limits", {{"bytes", 5}}}}).path + "/files";
  const auto place = ask("POST", path, "", tus + "Upload-Length: 5\r\n").field("location");
  const auto append = [&](const std::string& bytes, const std::string& at) {
    return ask("PATCH", place, bytes, bytes_of_tus + "Upload-Offset: " + at + "\r\n").status;
  };
  const auto begun = append("san", "0");
  CAF_CHECK_EQUAL(begun, 204);
  CAF_CHECK_EQUAL(status_in(ask("POST", path + "?name=a.bin", "sand")), 201);
  const auto over = append("dy", "3");
  CAF_CHECK_EQUAL(over, 413);
}

CAF_TEST(a guests file of another profile ends with 422 and leaves nothing) {
  start_with_people();
  const auto path = inbox({{"limits", {{"profiles", {"video"}}}}}).path + "/files";
  const auto raw = ask("POST", path + "?name=a.bin", "sand");
  CAF_CHECK_EQUAL(raw.status, 422);
  CAF_CHECK_EQUAL(code_of(raw), "other_profile");
  const auto form = form_of({{"a.bin", "sand"}}, "xx");
  CAF_CHECK_EQUAL(
    status_in(ask("POST", path, form, "Content-Type: multipart/form-data; boundary=xx\r\n")), 422);
  const auto place = ask("POST", path, "", tus + "Upload-Length: 4\r\n").field("location");
  const auto last = bytes_of_tus + "Upload-Offset: 0\r\n";
  CAF_CHECK_EQUAL(status_in(ask("PATCH", place, "sand", last)), 422);
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(status_in(ask("PATCH", place, "sand", last)), 404);
  CAF_CHECK_EQUAL(json_at("/v1/files", ada_all())["files"].size(), 0U);
}

CAF_TEST(what a guest sends is no business of a program that may upload alone) {
  start_with_people();
  const auto path = inbox().path;
  const auto id = json::parse(ask("POST", path + "/files?name=a.bin", "sand").body)["id"];
  const auto token = token_of(ada, net::rights{net::right::upload}.to_bits());
  const auto target = "/v1/files/" + id.get<std::string>();
  CAF_CHECK_EQUAL(status_at(target, token), 404);
  CAF_CHECK_EQUAL(status_at(target, ada_all()), 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
