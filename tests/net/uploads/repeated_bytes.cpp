#define CAF_SUITE net_uploads_repeated_bytes

#include "tests/net/ietf/client.hpp"

#include <utility>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

using files = std::vector<std::pair<std::string, std::string>>;

const std::string key = "Idempotency-Key: k\r\n";
const std::string tus = "Tus-Resumable: 1.0.0\r\n";
const std::string tus_bytes = "Content-Type: application/offset+octet-stream\r\n";

struct fixture : ietf_fixture {
  http_answer post(const std::string& body, const std::string& fields = {}) {
    return ask("POST", "/v1/files?name=a.bin", body, key + fields);
  }
  http_answer post_form(const files& all) {
    return post(form_of(all, "b"), "Content-Type: multipart/form-data; boundary=b\r\n");
  }
  http_answer post_chunked(const std::string& body) {
    http_client c{server->address()};
    const std::string size{"0123456789abcdef"[body.size()]};
    c.send("POST /v1/files?name=a.bin HTTP/1.1\r\nHost: a\r\n" + key
           + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + body + "\r\n0\r\n\r\n");
    return c.read();
  }
  static std::string code_of(const http_answer& a) {
    return a.status == 422 ? json::parse(a.body)["code"].get<std::string>()
                           : std::to_string(a.status);
  }
  static constexpr const char* reused = "idempotency_key_reused";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(repeated_bytes_tests, fixture)

CAF_TEST(a key does not take other bytes of the same length for a repetition) {
  start();
  const auto first = post("hello");
  CAF_CHECK_EQUAL(code_of(post("world")), reused);
  CAF_CHECK_EQUAL(code_of(post("hellO")), reused);
  CAF_CHECK_EQUAL(post("hello").body, first.body);
  CAF_CHECK_EQUAL(listed(), 1U);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a large body is compared to its last byte) {
  start();
  std::string bytes(1'000'003, 'x');
  CAF_CHECK_EQUAL(post(bytes).status, 201);
  CAF_CHECK_EQUAL(post(bytes).status, 201);
  bytes.back() = 'y';
  CAF_CHECK_EQUAL(code_of(post(bytes)), reused);
}

CAF_TEST(a chunked body is compared in its length too) {
  start();
  CAF_CHECK_EQUAL(post_chunked("hello").status, 201);
  CAF_CHECK_EQUAL(post_chunked("hello").status, 201);
  for (const auto* other : {"hell", "hello!", "world"})
    CAF_CHECK_EQUAL(code_of(post_chunked(other)), reused);
}

CAF_TEST(a form is compared file by file) {
  start();
  const auto first = post_form({{"a", "one"}, {"b", "two"}});
  CAF_CHECK_EQUAL(first.status, 201);
  CAF_CHECK_EQUAL(post_form({{"a", "one"}, {"b", "two"}}).body, first.body);
  for (const auto& other : {files{{"a", "one"}, {"b", "twO"}}, files{{"a", "two"}, {"b", "one"}}})
    CAF_CHECK_EQUAL(code_of(post_form(other)), reused);
  CAF_CHECK_EQUAL(listed(), 2U);
}

CAF_TEST(a connection goes on behind a repeated body) {
  start();
  post("hello");
  http_client c{server->address()};
  CAF_CHECK_EQUAL(c.ask("POST", "/v1/files?name=a.bin", "hello", key).status, 201);
  CAF_CHECK_EQUAL(c.ask("GET", "/livez").status, 200);
}

CAF_TEST(a creation of the IETF is compared with its file) {
  start();
  CAF_CHECK_EQUAL(post("hello", complete).status, 201);
  CAF_CHECK_EQUAL(post("hello", complete).status, 201);
  CAF_CHECK_EQUAL(code_of(post("world", complete)), reused);
}

CAF_TEST(a creation of tus is compared as far as the first one came) {
  start();
  const auto fields = tus + tus_bytes + length(11);
  const auto first = post("hello ", fields);
  CAF_CHECK_EQUAL(first.status, 201);
  const auto place = first.field("location");
  for (const auto* fine : {"hello ", "he", "hello world"}) {
    const auto again = post(fine, fields);
    CAF_CHECK_EQUAL(again.status, 201);
    CAF_CHECK_EQUAL(again.field("location"), place);
    CAF_CHECK_EQUAL(again.field("upload-offset"), "6");
  }
  for (const auto* other : {"world ", "help", "hellO world"})
    CAF_CHECK_EQUAL(code_of(post(other, fields)), reused);
  CAF_CHECK_EQUAL(ask("PATCH", place, "world", tus + tus_bytes + at(6)).status, 204);
  CAF_CHECK_EQUAL(post("hello ", fields).field("upload-offset"), "11");
  CAF_CHECK_EQUAL(code_of(post("HELLO ", fields)), reused);
  CAF_CHECK_EQUAL(bytes_at(place), "hello world");
}

CAF_TEST_FIXTURE_SCOPE_END()
