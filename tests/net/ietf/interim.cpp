#define CAF_SUITE net_ietf_interim

#include "tests/net/ietf/client.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

const std::string hello = "hello world";

} // namespace

CAF_TEST_FIXTURE_SCOPE(interim_tests, ietf_fixture)

CAF_TEST(104 is told where it is on and nobody is in between) {
  start();
  http_client c{server->address()};
  const auto told = c.ask("POST", "/v1/files", hello, draft + complete);
  CAF_CHECK_EQUAL(told.status, 104);
  CAF_CHECK_EQUAL(told.field("upload-draft-interop-version"), "6");
  const auto done = c.read();
  CAF_CHECK_EQUAL(done.status, 201);
  CAF_CHECK_EQUAL(done.field("location"), told.field("location"));
  for (const auto& fields : {draft + "Via: 1.1 a\r\n", draft + "Forwarded: for=192.0.2.1\r\n",
                             draft + "X-Forwarded-For: 192.0.2.1\r\n",
                             draft + "X-Forwarded-Proto: https\r\n", std::string{}})
    CAF_CHECK_EQUAL(ask("POST", "/v1/files", hello, fields + complete).status, 201);
}

CAF_TEST(104 can be switched off) {
  options.interim_104 = net::interim_answers::off;
  start();
  CAF_CHECK_EQUAL(ask("POST", "/v1/files", hello, draft + complete).status, 201);
}

CAF_TEST(a creation that told its place in 104 can be gone on with) {
  options.body_timeout = 200ms;
  start();
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\n" + draft + complete
         + "Content-Length: 11\r\n\r\nhello ");
  const auto told = c.read();
  CAF_REQUIRE_EQUAL(told.status, 104);
  CAF_CHECK_EQUAL(c.read().status, 408);
  const auto place = told.field("location");
  CAF_CHECK_EQUAL(offset(place), "6");
  CAF_CHECK_EQUAL(append(place, 6, "world", complete).status, 201);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(a creation that could tell nobody its place leaves nothing behind) {
  options.body_timeout = 200ms;
  start();
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\n" + complete + "Content-Length: 11\r\n\r\nhello ");
  CAF_CHECK_EQUAL(c.read().status, 408);
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(listed(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
