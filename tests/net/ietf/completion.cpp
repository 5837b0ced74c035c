#define CAF_SUITE net_ietf_completion

#include "tests/net/ietf/client.hpp"

#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

const std::string hello = "hello world";
const std::string problems = "https://iana.org/assignments/http-problem-types#";

struct fixture : ietf_fixture {
  static std::string version(const std::string& number) {
    return "Upload-Draft-Interop-Version: " + number + "\r\nVia: 1.1 a\r\n"; // no 104, please
  }
  /// A complete upload of these bytes.
  std::string completed(const std::string& bytes) {
    const auto place = created(bytes.size());
    if (append(place, 0, bytes, complete).status != 201)
      throw std::runtime_error{"not completed"};
    return place;
  }
  http_answer append_chunked(const std::string& place, std::size_t offset,
                             const std::string& body) {
    http_client c{server->address()};
    std::string size{"0123456789abcdef"[body.size()]};
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + part + at(offset) + complete
           + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + body + "\r\n0\r\n\r\n");
    return c.read();
  }
  /// What a HEAD says of the upload's state, and a restart would say.
  std::string state_of(const std::string& place) {
    const auto a = ask("HEAD", place);
    return a.field("upload-offset") + ' ' + a.field("upload-complete");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ietf_completion_tests, fixture)

CAF_TEST(other bytes are never taken for those that completed an upload) {
  start();
  const auto place = completed(hello);
  for (const auto& [offset, bytes] :
       std::vector<std::pair<std::size_t, std::string>>{{0, "HELLO WORLD"},
                                                        {0, "hello worle"},
                                                        {6, "World"},
                                                        {10, "D"},
                                                        {0, "hello worl"},
                                                        {0, "hello world!"},
                                                        {11, "!"},
                                                        {12, ""},
                                                        {5, ""},
                                                        {12, "x"}})
    for (const auto& a :
         {append(place, offset, bytes, complete), append(place, offset, bytes, incomplete)}) {
      CAF_CHECK_EQUAL(a.status, 400);
      CAF_CHECK_EQUAL(json::parse(a.body)["type"].get<std::string>(),
                      problems + "completed-upload");
    }
  for (const auto* bytes : {"HELLO WORLD", "hello worl", "hello world!"})
    CAF_CHECK_EQUAL(append_chunked(place, 0, bytes).status, 400);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(the same bytes are answered again wherever the repeated append began) {
  start();
  const auto place = completed(hello);
  for (const auto& again : {append(place, 0, hello, complete), append(place, 6, "world", complete),
                            append(place, 11, "", complete), append_chunked(place, 0, hello),
                            append_chunked(place, 10, "d")}) {
    CAF_CHECK_EQUAL(again.status, 201);
    CAF_CHECK_EQUAL(again.field("upload-complete"), "?1");
  }
}

CAF_TEST(a large body that repeats is compared to its end) {
  start();
  std::string bytes(1'500'000, 'x');
  const auto place = completed(bytes);
  CAF_CHECK_EQUAL(append(place, 0, bytes, complete).status, 201);
  bytes.back() = 'y';
  CAF_CHECK_EQUAL(append(place, 0, bytes, complete).status, 400);
}

CAF_TEST(bytes that reach the length leave the upload open until its client says more) {
  start();
  for (const auto& said : {std::string{}, version("8"), version("10")}) {
    const auto place = created(11);
    const auto all = append(place, 0, hello, said + incomplete);
    CAF_CHECK_EQUAL(all.status, 204);
    CAF_CHECK_EQUAL(all.field("upload-complete"), "?0");
    CAF_CHECK_EQUAL(all.field("upload-offset"), "11");
    CAF_CHECK_EQUAL(state_of(place), "11 ?0");
    CAF_CHECK_EQUAL(json::parse(ask("GET", place).body)["status"].get<std::string>(), "receiving");
    const auto done = append(place, 11, "", said + complete);
    CAF_CHECK_EQUAL(done.status, 201);
    CAF_CHECK_EQUAL(done.field("upload-complete"), "?1");
    CAF_CHECK_EQUAL(bytes_at(place), hello);
  }
}

CAF_TEST(a creation with all bytes stays open too and so does one of no bytes) {
  start();
  const auto all = ask("POST", "/v1/files", hello, incomplete + length(11));
  CAF_CHECK_EQUAL(all.status, 201);
  CAF_CHECK_EQUAL(all.field("upload-complete"), "?0");
  CAF_CHECK_EQUAL(state_of(all.field("location")), "11 ?0");
  const auto empty = created(0);
  CAF_CHECK_EQUAL(state_of(empty), "0 ?0");
  CAF_CHECK_EQUAL(append(empty, 0, "", complete).status, 201);
  CAF_CHECK_EQUAL(bytes_at(empty), "");
}

CAF_TEST(an upload that was left open at its length is so after a restart) {
  start();
  const auto place = created(11);
  append(place, 0, hello);
  stop();
  start();
  CAF_CHECK_EQUAL(state_of(place), "11 ?0");
  const auto more = append(place, 11, "!", incomplete);
  CAF_CHECK_EQUAL(more.status, 400);
  CAF_CHECK_EQUAL(json::parse(more.body)["type"].get<std::string>(),
                  problems + "inconsistent-upload-length");
  CAF_CHECK_EQUAL(append(place, 11, "", incomplete).status, 204);
  CAF_CHECK_EQUAL(append(place, 11, "", complete).status, 201);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(interop version 3 waits for its word as well) {
  start();
  const auto made =
    ask("POST", "/v1/files", hello, version("3") + "Upload-Incomplete: ?1\r\n" + length(11));
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("upload-incomplete"), "?1");
  const auto place = made.field("location");
  const auto done = ask("PATCH", place, "", version("3") + at(11) + "Upload-Incomplete: ?0\r\n");
  CAF_CHECK_EQUAL(done.status, 201);
}

CAF_TEST(interop versions 5 and 6 complete by length because nothing may follow) {
  start();
  for (const auto* number : {"5", "6"}) {
    const auto place = created(11);
    const auto all = append(place, 0, hello, version(number) + incomplete);
    CAF_CHECK_EQUAL(all.status, 201);
    CAF_CHECK_EQUAL(all.field("upload-complete"), "?1");
    const auto empty = ask("POST", "/v1/files", "", version(number) + incomplete + length(0));
    CAF_CHECK_EQUAL(empty.field("upload-complete"), "?1");
  }
}

CAF_TEST(a refusal names the field that the request lacks) {
  start();
  const auto place = created(11);
  const auto detail = [&](const std::string& fields) {
    return json::parse(ask("PATCH", place, "a", fields).body)["detail"].get<std::string>();
  };
  CAF_CHECK_EQUAL(detail(part + incomplete), "`Upload-Offset` is missing.");
  CAF_CHECK_EQUAL(detail(part + incomplete + "Upload-Offset: x\r\n"),
                  "`Upload-Offset` must be a whole number.");
  CAF_CHECK_EQUAL(detail(part + at(0)), "`Upload-Complete` is missing.");
  CAF_CHECK_EQUAL(detail(part + at(0) + "Upload-Complete: yes\r\n"),
                  "`Upload-Complete` must be ?0 or ?1.");
  const auto digest = detail(part + at(0) + incomplete + "Repr-Digest: sha-256=:AAAA:\r\n");
  CAF_CHECK(digest.starts_with("`Repr-Digest` must"));
  const auto bare = detail("");
  CAF_CHECK_EQUAL(bare, "Say by Tus-Resumable or Upload-Complete how the upload goes on.");
  // An append of tus, but for the field that names the protocol.
  CAF_CHECK_EQUAL(detail(at(0) + "Content-Type: application/offset+octet-stream\r\n"), bare);
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST_FIXTURE_SCOPE_END()
