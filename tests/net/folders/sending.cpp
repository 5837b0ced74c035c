#define CAF_SUITE net_folders_sending

#include "base/ulid.hpp"
#include "net/uploads/destination.hpp"
#include "tests/net/folders/folders_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using words = std::vector<std::string>;

namespace {

struct sending_fixture : folders_fixture {
  static inline const std::string tus = "Tus-Resumable: 1.0.0\r\n";

  json record_of(const http_answer& a) {
    if (a.status != 201)
      throw std::runtime_error{"an upload: " + std::to_string(a.status) + ' ' + a.body};
    return json::parse(a.body);
  }
  std::string path_after(const http_answer& a) {
    return path_of_file(record_of(a)["id"]);
  }
  http_answer put(const std::string& path, const std::string& fields,
                  const std::string& body = "sand") {
    return ask("PUT", "/v1/folders/" + path, body, fields);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sending_tests, sending_fixture)

CAF_TEST(the record names the folder) {
  const auto id = folder("2026/summer");
  const auto sent_there = ask("POST", "/v1/files?name=a&folder=" + id, "sand", by_mia);
  CAF_CHECK(record_of(sent_there)["folder"] == id);
  CAF_CHECK(record_of(ask("POST", "/v1/files?name=a", "sand", by_mia))["folder"].is_null());
}

CAF_TEST(a folder is named by id or by path or by both) {
  const auto year = folder("2026");
  CAF_CHECK_EQUAL(path_of_file(sent("folder=" + year, by_mia)), "2026");
  CAF_CHECK_EQUAL(path_of_file(sent("folder=2026/summer", by_mia)), "2026/summer");
  CAF_CHECK_EQUAL(path_of_file(sent("folder=" + year + "/winter", by_mia)), "2026/winter");
  CAF_CHECK_EQUAL(path_of_file(sent("folder=", by_mia)), "");
  CAF_CHECK_EQUAL(paths_for(by_mia), (words{"2026", "2026/summer", "2026/winter"}));
}

CAF_TEST(a folder that cannot be is refused with a sentence) {
  const auto file = record_of(ask("POST", "/v1/files?name=taken", "sand", by_mia));
  const auto below_file = ask("POST", "/v1/files?name=a&folder=taken/x", "sand", by_mia);
  CAF_CHECK_EQUAL(below_file.status, 409);
  CAF_CHECK_EQUAL(detail_of(below_file), "The name taken is taken.");
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a&folder=a/../b", "sand", by_mia)), 400);
  const auto unknown = "/v1/files?name=a&folder=" + make_ulid();
  CAF_CHECK_EQUAL(status_in(ask("POST", unknown, "sand", by_mia)), 404);
  CAF_CHECK_EQUAL(files_for(by_mia).size(), 1U);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a form says the folder by a field or by the parameter) {
  const auto type = "Content-Type: multipart/form-data; boundary=x\r\n" + by_mia;
  const auto form = form_of({{"a.bin", "sand"}, {"b.bin", "more"}}, "x");
  const auto by_parameter = record_of(ask("POST", "/v1/files?folder=one", form, type))["files"];
  CAF_REQUIRE_EQUAL(by_parameter.size(), 2U);
  CAF_CHECK_EQUAL(path_of_file(by_parameter[1]["id"]), "one");
  const auto field = [](const std::string& value) {
    return "--x\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n" + value + "\r\n";
  };
  const auto by_field =
    record_of(ask("POST", "/v1/files", field("two/deep") + form, type))["files"];
  CAF_CHECK_EQUAL(path_of_file(by_field[0]["id"]), "two/deep");
  CAF_CHECK_EQUAL(path_of_file(by_field[1]["id"]), "two/deep");
  const auto wrong = ask("POST", "/v1/files", field("a/../b") + form, type);
  CAF_CHECK_EQUAL(wrong.status, 400);
  CAF_CHECK_EQUAL(detail_of(wrong), "A name is neither `.` nor `..`.");
  const auto foreign = ask("POST", "/v1/files", field(make_ulid()) + form, type);
  CAF_CHECK_EQUAL(foreign.status, 404);
  const auto endless = ask("POST", "/v1/files", field(std::string(5'000, 'x')) + form, type);
  CAF_CHECK_EQUAL(endless.status, 400);
}

CAF_TEST(tus says the folder in its metadata or in the query) {
  // `folder` is one/deep.
  const auto metadata = tus + "Upload-Length: 0\r\nUpload-Metadata: folder b25lL2RlZXA=\r\n";
  const auto by_metadata = ask("POST", "/v1/files?folder=other", "", metadata + by_mia);
  CAF_REQUIRE_EQUAL(by_metadata.status, 201);
  const auto id = by_metadata.field("mediad-progress-id");
  CAF_CHECK_EQUAL(path_of_file(id), "one/deep");
  const auto by_query =
    ask("POST", "/v1/files?folder=two", "", tus + "Upload-Length: 4\r\n" + by_mia);
  const auto place = by_query.field("location");
  const auto appended = ask("PATCH", place, "sand",
                            tus + by_mia
                              + "Upload-Offset: 0\r\nContent-Type: "
                                "application/offset+octet-stream\r\n");
  CAF_CHECK_EQUAL(appended.status, 204);
  CAF_CHECK_EQUAL(path_of_file(place.substr(place.rfind('/') + 1)), "two");
}

CAF_TEST(an upload of the draft says the folder in the query) {
  const auto a =
    ask("POST", "/v1/files?name=a&folder=one", "sand", "Upload-Complete: ?1\r\n" + by_mia);
  CAF_REQUIRE_EQUAL(a.status, 201);
  CAF_CHECK_EQUAL(path_of_file(a.field("mediad-progress-id")), "one");
}

CAF_TEST(PUT keeps the body under the path as it is) {
  const auto a = put("2026/summer/a%20b.txt", by_mia, "hello");
  const auto record = record_of(a);
  CAF_CHECK_EQUAL(record["name"], "a b.txt");
  CAF_CHECK_EQUAL(a.field("location"), "/v1/files/" + record["id"].get<std::string>());
  CAF_CHECK_EQUAL(path_of_file(record["id"]), "2026/summer");
  CAF_CHECK_EQUAL(stored_bytes(record["id"]), "hello");
  CAF_CHECK_EQUAL(path_after(put("top.txt", by_mia)), "");
  CAF_CHECK_EQUAL(path_after(put(folder("2026") + "/below/x.txt", by_mia)), "2026/below");
  // A form is a file like any other here.
  const auto form = form_of({{"a.bin", "sand"}}, "x");
  const auto raw =
    put("form.txt", by_mia + "Content-Type: multipart/form-data; boundary=x\r\n", form);
  CAF_CHECK_EQUAL(stored_bytes(record_of(raw)["id"]), form);
  CAF_CHECK(record_of(put("empty.txt", by_mia, ""))["bytes"] == 0);
}

CAF_TEST(PUT to the same path makes another file with a number) {
  record_of(put("a/x.txt", by_mia, "one"));
  const auto second = record_of(put("a/x.txt", by_mia, "two"));
  CAF_CHECK_EQUAL(find(second["id"]).link_name, "x (2).txt");
}

CAF_TEST(PUT refuses bad names and what is no path) {
  for (const auto* path : {"a/%2E%2E/x", "%2E%2E", "a//x", "a/x%07", "a%2Fb/x", "a/b%2Fx"}) {
    CAF_MESSAGE(path);
    CAF_CHECK_EQUAL(status_in(put(path, by_mia)), 400);
  }
  CAF_CHECK_EQUAL(status_in(put("a/", by_mia)), 404);
  CAF_CHECK_EQUAL(status_in(put("a/x", "")), 401);
  CAF_CHECK(files_for(by_mia).empty());
}

CAF_TEST(a folder that was removed meanwhile refuses what arrives for it) {
  const auto place = ask("POST", "/v1/files?folder=gone", "", tus + "Upload-Length: 4\r\n" + by_mia)
                       .field("location");
  const auto id = folder("gone");
  CAF_REQUIRE_EQUAL(status_for("DELETE", "/v1/folders/" + id, by_mia), 204);
  const auto appended = ask("PATCH", place, "sand",
                            tus + by_mia
                              + "Upload-Offset: 0\r\nContent-Type: "
                                "application/offset+octet-stream\r\n");
  CAF_CHECK_EQUAL(appended.status, 404);
  CAF_CHECK_EQUAL(status_for("DELETE", place, tus + by_mia), 204);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(the same key for another folder is another request) {
  const auto keyed = "Idempotency-Key: k\r\n" + by_mia;
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a&folder=x", "sand", keyed)), 201);
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a&folder=x", "sand", keyed)), 201);
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a&folder=y", "sand", keyed)), 422);
  CAF_CHECK_EQUAL(files_for(by_mia).size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
