#define CAF_SUITE net_ietf_interim

#include "tests/net/ietf/client.hpp"

#include <thread>

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

CAF_TEST(104 tells how far a long append has come) {
  options.save_interval = 100ms;
  start();
  const auto place = created(1'000'000);
  http_client c{server->address()};
  c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + draft + part + at(0) + complete
         + "Content-Length: 1000000\r\n\r\n");
  std::size_t sent = 0;
  std::size_t told = 0;
  int answers = 0;
  while (answers < 2 && sent < 10'000) {
    c.send("x");
    ++sent;
    std::this_thread::sleep_for(1ms); // a pace: the interval is the wall clock's
    if (!c.has_answer())
      continue;
    const auto interim = c.read();
    CAF_REQUIRE_EQUAL(interim.status, 104);
    CAF_CHECK_EQUAL(interim.field("upload-draft-interop-version"), "6");
    const auto offset = std::stoul(interim.field("upload-offset"));
    CAF_CHECK(offset > told && offset <= sent);
    CAF_CHECK(durable(place) >= offset);
    told = offset;
    ++answers;
  }
  CAF_CHECK_EQUAL(answers, 2);
  c.send(std::string(1'000'000 - sent, 'x'));
  auto last = c.read();
  while (last.status == 104)
    last = c.read();
  CAF_CHECK_EQUAL(last.status, 201);
}

CAF_TEST(104 tells no offset of bytes that may yet prove wrong and none without a version) {
  options.save_interval = 100ms;
  start();
  const std::string digest =
    "Content-Digest: sha-256=:uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=:\r\n";
  for (const auto& fields : {draft + digest, draft + "Via: 1.1 a\r\n", std::string{}}) {
    const auto place = created(11);
    http_client c{server->address()};
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + fields + part + at(0) + complete
           + "Content-Length: 11\r\n\r\n");
    for (const char byte : hello) {
      std::this_thread::sleep_for(25ms); // all in all longer than the interval
      c.send({&byte, 1});
    }
    CAF_CHECK_EQUAL(c.read().status, 201);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
