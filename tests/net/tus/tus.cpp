#define CAF_SUITE net_tus

#include "tests/net/tus/client.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

/// Of `hello world`.
const std::string right_sum = "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n";
const std::string hello = "hello world";

std::string code_of(const http_answer& a) {
  return nlohmann::json::parse(a.body)["code"];
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tus_tests, tus_fixture)

CAF_TEST(OPTIONS tells what there is without being asked in a version) {
  start();
  for (const auto* place : {"/v1/files", "/v1/files/01JD0000000000000000000001"}) {
    const auto a = ask("OPTIONS", place);
    CAF_CHECK_EQUAL(a.status, 204);
    CAF_CHECK_EQUAL(a.field("tus-resumable"), "1.0.0");
    CAF_CHECK_EQUAL(a.field("tus-version"), "1.0.0");
    CAF_CHECK_EQUAL(a.field("tus-extension"),
                    "creation,creation-with-upload,creation-defer-length,expiration,checksum,"
                    "checksum-trailer,termination,concatenation");
    CAF_CHECK_EQUAL(a.field("tus-max-size"), std::to_string(options.max_file_bytes));
    CAF_CHECK_EQUAL(a.field("tus-checksum-algorithm"), "sha1,sha256,sha512,md5,crc32");
  }
}

CAF_TEST(an upload in two requests becomes a file) {
  start();
  const auto made = create("Upload-Length: 11\r\nUpload-Metadata: filename YmVhY2guanBn\r\n");
  CAF_REQUIRE_EQUAL(made.status, 201);
  const auto place = made.field("location");
  CAF_CHECK_EQUAL(place, "/v1/files/" + made.field("mediad-progress-id"));
  CAF_CHECK_EQUAL(made.field("tus-resumable"), "1.0.0");
  CAF_CHECK(is_http_date(made.field("upload-expires")));
  const auto first = append(place, 0, "hello ");
  CAF_CHECK_EQUAL(first.status, 204);
  CAF_CHECK_EQUAL(first.field("upload-offset"), "6");
  CAF_CHECK(is_http_date(first.field("upload-expires")));
  CAF_CHECK_EQUAL(first.field("link"), "");
  CAF_CHECK_EQUAL(state_of(place), "receiving");
  const auto last = append(place, 6, "world");
  CAF_CHECK_EQUAL(last.status, 204);
  CAF_CHECK_EQUAL(last.field("upload-offset"), "11");
  CAF_CHECK_EQUAL(last.field("upload-expires"), "");
  CAF_CHECK_EQUAL(last.field("link"), "<" + place + ">; rel=\"describedby\"");
  CAF_CHECK_EQUAL(bytes_at(place), hello);
  const auto record = nlohmann::json::parse(ask("GET", place).body);
  CAF_CHECK_EQUAL(record["name"], "beach.jpg");
}

CAF_TEST(HEAD echoes what was said at the creation byte for byte) {
  start();
  const std::string metadata = "filename YmVhY2guanBn,is_confidential,x aGVsbG8=";
  const auto place = created(11, "Upload-Metadata: " + metadata + "\r\nUpload-Concat: partial\r\n");
  append(place, 0, "hello ");
  const auto a = head(place);
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK_EQUAL(a.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(a.field("upload-length"), "11");
  CAF_CHECK_EQUAL(a.field("upload-metadata"), metadata);
  CAF_CHECK_EQUAL(a.field("upload-concat"), "partial");
  CAF_CHECK_EQUAL(a.field("cache-control"), "no-store");
  CAF_CHECK_EQUAL(a.field("tus-resumable"), "1.0.0");
}

CAF_TEST(another version is 412 and told which there is) {
  start();
  const auto place = created(11);
  const std::string other = "Tus-Resumable: 0.2.2\r\n" + stream + "Upload-Offset: 0\r\n";
  for (const auto& [method, at] : {std::pair<std::string, std::string>{"POST", "/v1/files"},
                                   {"HEAD", place},
                                   {"PATCH", place},
                                   {"DELETE", place}}) {
    const auto a = ask(method, at, method == "PATCH" ? hello : "", other);
    CAF_CHECK_EQUAL(a.status, 412);
    CAF_CHECK_EQUAL(a.field("tus-version"), "1.0.0");
    CAF_CHECK_EQUAL(a.field("tus-resumable"), "1.0.0");
  }
  const auto none = ask("PATCH", place, hello, stream);
  CAF_CHECK_EQUAL(none.status, 412);
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST(a body of another type is 415) {
  start();
  const auto place = created(11);
  const auto patched =
    ask("PATCH", place, hello, tus + "Upload-Offset: 0\r\nContent-Type: text/plain\r\n");
  CAF_CHECK_EQUAL(patched.status, 415);
  const auto untyped = ask("PATCH", place, hello, tus + "Upload-Offset: 0\r\n");
  CAF_CHECK_EQUAL(untyped.status, 415);
  const auto posted = ask("POST", "/v1/files", hello, tus + "Upload-Length: 11\r\n");
  CAF_CHECK_EQUAL(posted.status, 415);
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST(another offset is 409 and told the right one) {
  start();
  const auto place = created(11);
  append(place, 0, "hello ");
  for (const auto wrong : {0U, 5U, 7U, 100U}) {
    const auto a = append(place, wrong, "world");
    CAF_CHECK_EQUAL(a.status, 409);
    CAF_CHECK_EQUAL(a.field("upload-offset"), "6");
    CAF_CHECK_EQUAL(a.field("content-type"), "application/problem+json");
  }
  CAF_CHECK_EQUAL(append(place, 6, "world").status, 204);
  CAF_CHECK_EQUAL(append(place, 6, "world").status, 409);
  CAF_CHECK_EQUAL(append(place, 11, "").status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(what does not fit is 413 and spoils nothing) {
  options.max_file_bytes = 100;
  start();
  CAF_CHECK_EQUAL(create("Upload-Length: 101\r\n").status, 413);
  CAF_CHECK_EQUAL(create("Upload-Length: 5\r\n", "hello world").status, 413);
  const auto place = created(11);
  CAF_CHECK_EQUAL(append(place, 0, "hello world!").status, 413);
  CAF_CHECK_EQUAL(offset(place), "0");
  http_client c{server->address()};
  c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream
         + "Upload-Offset: 0\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nhello world!\r\n0\r\n\r\n");
  CAF_CHECK_EQUAL(c.read().status, 413);
  const auto later = create("Upload-Defer-Length: 1\r\n").field("location");
  CAF_CHECK_EQUAL(append(later, 0, hello, "Upload-Length: 101\r\n").status, 413);
  CAF_CHECK_EQUAL(append(later, 0, std::string(101, 'x')).status, 413);
}

CAF_TEST(malformed fields are 400 and create nothing) {
  start();
  for (const auto* fields :
       {"", "Upload-Length: -1\r\n", "Upload-Length: \r\n", "Upload-Length: 1x\r\n",
        "Upload-Length: 18446744073709551615\r\n", "Upload-Defer-Length: 2\r\n",
        "Upload-Length: 1\r\nUpload-Defer-Length: 1\r\n",
        "Upload-Length: 1\r\nUpload-Metadata: filename ###\r\n",
        "Upload-Length: 1\r\nUpload-Concat: half\r\n",
        "Upload-Length: 1\r\nUpload-Checksum: sha3 AAAA\r\n"}) {
    const auto a = create(fields);
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK_EQUAL(a.field("content-type"), "application/problem+json");
    CAF_CHECK_EQUAL(a.field("tus-resumable"), "1.0.0");
  }
  CAF_CHECK_EQUAL(listed(), 0U);
  const auto place = created(11);
  CAF_CHECK_EQUAL(ask("PATCH", place, hello, tus + stream).status, 400);
  CAF_CHECK_EQUAL(ask("PATCH", place, hello, tus + stream + "Upload-Offset: -1\r\n").status, 400);
  CAF_CHECK_EQUAL(append(place, 0, hello, "Upload-Checksum: whirlpool AAAA\r\n").status, 400);
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST(an unknown upload is 404) {
  start();
  for (const auto* id : {"01JD0000000000000000000001", "nonsense"}) {
    const auto place = std::string{"/v1/files/"} + id;
    CAF_CHECK_EQUAL(head(place).status, 404);
    CAF_CHECK_EQUAL(append(place, 0, hello).status, 404);
    CAF_CHECK_EQUAL(ask("DELETE", place, "", tus).status, 404);
  }
}

CAF_TEST(an upload nobody came back for in time is 410) {
  options.upload_expiry = 0ms;
  start();
  const auto place = created(11);
  const auto past = now_ms();
  while (now_ms() == past) {
  }
  const auto a = append(place, 0, hello);
  CAF_CHECK_EQUAL(a.status, 410);
  CAF_CHECK_EQUAL(code_of(a), "expired");
  CAF_CHECK_EQUAL(head(place).status, 410);
}

CAF_TEST(the first bytes may come with the creation) {
  start();
  const auto part = create("Upload-Length: 11\r\n", "hello ");
  CAF_CHECK_EQUAL(part.status, 201);
  CAF_CHECK_EQUAL(part.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(append(part.field("location"), 6, "world").status, 204);
  const auto whole = create("Upload-Length: 11\r\n" + right_sum, hello);
  CAF_CHECK_EQUAL(whole.status, 201);
  CAF_CHECK_EQUAL(whole.field("upload-offset"), "11");
  CAF_CHECK_EQUAL(whole.field("link"), "<" + whole.field("location") + ">; rel=\"describedby\"");
  CAF_CHECK_EQUAL(bytes_at(whole.field("location")), hello);
}

CAF_TEST(an upload of no bytes is complete at once) {
  start();
  const auto a = create("Upload-Length: 0\r\n");
  CAF_CHECK_EQUAL(a.status, 201);
  CAF_CHECK_EQUAL(a.field("upload-offset"), "0");
  CAF_CHECK_EQUAL(state_of(a.field("location")), "registered");
}

CAF_TEST(the length may come later) {
  start();
  const auto place = create("Upload-Defer-Length: 1\r\n").field("location");
  CAF_CHECK_EQUAL(head(place).field("upload-defer-length"), "1");
  append(place, 0, "hello ");
  CAF_CHECK_EQUAL(head(place).field("upload-defer-length"), "1");
  CAF_CHECK_EQUAL(head(place).field("upload-length"), "");
  CAF_CHECK_EQUAL(append(place, 6, "wor", "Upload-Length: 11\r\n").status, 204);
  CAF_CHECK_EQUAL(head(place).field("upload-length"), "11");
  CAF_CHECK_EQUAL(head(place).field("upload-defer-length"), "");
  CAF_CHECK_EQUAL(append(place, 9, "ld", "Upload-Length: 12\r\n").status, 409);
  CAF_CHECK_EQUAL(append(place, 9, "ld").status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(HEAD ends a running append and knows all its bytes) {
  start();
  const auto place = created(11);
  http_client c{server->address()};
  c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream
         + "Upload-Offset: 0\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  CAF_CHECK_EQUAL(c.read().status, 100);
  c.send("hello ");
  CAF_CHECK_EQUAL(ask("GET", place).status, 200); // which does not wait for the append
  const auto known = offset(place);
  const auto ended = c.read();
  CAF_CHECK_EQUAL(ended.status, 409);
  CAF_CHECK_EQUAL(ended.field("upload-offset"), known);
  CAF_CHECK_EQUAL(append(place, std::stoul(known), hello.substr(std::stoul(known))).status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(DELETE ends a running append and nothing is left) {
  start();
  for (const auto& fields : {tus, std::string{}}) {
    const auto place = created(11);
    http_client c{server->address()};
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream
           + "Upload-Offset: 0\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    CAF_CHECK_EQUAL(c.read().status, 100);
    const auto a = ask("DELETE", place, "", fields);
    CAF_CHECK_EQUAL(a.status, 204);
    CAF_CHECK_EQUAL(c.read().status, 409);
    CAF_CHECK_EQUAL(head(place).status, 404);
  }
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a client that cannot send PATCH or DELETE or HEAD overrides POST) {
  start();
  const auto place = created(11);
  const auto override_by = [](const std::string& method) {
    return "X-HTTP-Method-Override: " + method + "\r\n";
  };
  CAF_CHECK_EQUAL(
    ask("POST", place, "hello ", tus + stream + "Upload-Offset: 0\r\n" + override_by("PATCH"))
      .status,
    204);
  const auto asked = ask("POST", place, "", tus + override_by("HEAD"));
  CAF_CHECK_EQUAL(asked.status, 200);
  CAF_CHECK_EQUAL(asked.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(ask("POST", place, "", override_by("PUT")).status, 405);
  CAF_CHECK_EQUAL(ask("GET", place, "", tus + override_by("DELETE")).status, 200);
  CAF_CHECK_EQUAL(ask("POST", place, "", tus + override_by("DELETE")).status, 204);
  CAF_CHECK_EQUAL(head(place).status, 404);
}

CAF_TEST(acknowledged bytes are there after a restart) {
  start();
  const auto place = created(11);
  append(place, 0, "hello ");
  stop();
  start();
  CAF_CHECK_EQUAL(offset(place), "6");
  CAF_CHECK_EQUAL(append(place, 6, "world").status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST_FIXTURE_SCOPE_END()
