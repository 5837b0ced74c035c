#define CAF_SUITE net_http

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct fixture : http_fixture {
  /// The first answer to exactly these bytes, and whether the connection was closed after it.
  std::pair<int, bool> raw(const std::string& bytes, bool finish = false) {
    http_client c{server->address()};
    c.send(bytes);
    if (finish)
      c.finish_sending();
    const auto status = c.read().status;
    return {status, c.is_closed()};
  }
};

const std::string get_head = "GET /livez HTTP/1.1\r\nHost: a\r\n";
const std::pair<int, bool> refused{400, true};

} // namespace

CAF_TEST_FIXTURE_SCOPE(http_tests, fixture)

CAF_TEST(a connection serves one request after another) {
  start();
  http_client c{server->address()};
  for (int i = 0; i < 3; ++i) {
    const auto a = c.ask("GET", "/livez");
    CAF_CHECK_EQUAL(a.status, 200);
    CAF_CHECK_EQUAL(a.body, "ok\n");
    CAF_CHECK_EQUAL(a.field("server"), "mediad");
    CAF_CHECK(!a.field("date").empty());
  }
}

CAF_TEST(requests sent all at once are answered in order) {
  start();
  http_client c{server->address()};
  c.send(get_head + "\r\n" + "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" + get_head
         + "Connection: close\r\n\r\n");
  const auto first = c.read().status;
  const auto second = c.read().status;
  const auto third = c.read().status;
  CAF_CHECK_EQUAL(first, 200);
  CAF_CHECK_EQUAL(second, 404);
  CAF_CHECK_EQUAL(third, 200);
  CAF_CHECK(c.is_closed());
}

CAF_TEST(HTTP 1 0 is closed unless it asks otherwise) {
  start();
  const auto plain = raw("GET /livez HTTP/1.0\r\n\r\n");
  CAF_CHECK(plain == std::make_pair(200, true));
  http_client c{server->address()};
  c.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto kept = c.read().field("connection");
  CAF_CHECK_EQUAL(kept, "keep-alive");
  const auto again = c.ask("GET", "/livez").status;
  CAF_CHECK_EQUAL(again, 200);
}

CAF_TEST(a later HTTP 1 x is served as 1 1) {
  start();
  for (const auto* version : {"1.2", "1.9"}) {
    http_client c{server->address()};
    const auto get = "GET /livez HTTP/" + std::string{version} + "\r\nHost: a\r\n\r\n";
    c.send(get + get); // and the connection goes on
    CAF_CHECK_EQUAL(c.read().status, 200);
    CAF_CHECK_EQUAL(c.read().status, 200);
    c.send("POST /v1/files HTTP/1.2\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    c.send("c\r\n x HTTP/1.2\r\r\n0\r\n\r\n");
    const auto made = c.read();
    CAF_CHECK_EQUAL(made.status, 201);
    CAF_CHECK_EQUAL(stored_bytes(json::parse(made.body)["id"]), " x HTTP/1.2\r");
  }
}

CAF_TEST(HEAD has the fields of GET and no body) {
  start();
  http_client c{server->address()};
  const auto head = c.ask("HEAD", "/livez");
  CAF_CHECK_EQUAL(head.field("content-length"), "3");
  const auto next = c.ask("GET", "/livez");
  CAF_CHECK_EQUAL(next.body, "ok\n");
}

CAF_TEST(unknown paths and methods are told apart and the connection goes on) {
  start();
  http_client c{server->address()};
  const auto missing = c.ask("GET", "/v1/nothing");
  CAF_CHECK_EQUAL(missing.status, 404);
  CAF_CHECK_EQUAL(missing.field("content-type"), "application/problem+json");
  const auto code = json::parse(missing.body)["code"].get<std::string>();
  CAF_CHECK_EQUAL(code, "not_found");
  const auto wrong = c.ask("DELETE", "/v1/files");
  CAF_CHECK_EQUAL(wrong.status, 405);
  CAF_CHECK_EQUAL(wrong.field("allow"), "POST, GET, HEAD, OPTIONS");
  const auto listed_methods = c.ask("OPTIONS", "/v1/files");
  CAF_CHECK_EQUAL(listed_methods.status, 204);
  CAF_CHECK_EQUAL(listed_methods.field("allow"), "POST, GET, HEAD, OPTIONS");
  const auto all = c.ask("OPTIONS", "*");
  CAF_CHECK_EQUAL(all.status, 204);
}

CAF_TEST(the page is served and known by its tag) {
  start();
  http_client c{server->address()};
  const auto page = c.ask("GET", "/");
  CAF_REQUIRE_EQUAL(page.status, 200);
  CAF_CHECK(page.field("content-security-policy").starts_with("default-src 'self'"));
  CAF_CHECK_EQUAL(page.field("x-content-type-options"), "nosniff");
  const auto known = c.ask("GET", "/", "", "If-None-Match: " + page.field("etag") + "\r\n");
  CAF_CHECK_EQUAL(known.status, 304);
  const auto posted = c.ask("POST", "/");
  CAF_CHECK_EQUAL(posted.status, 405);
}

CAF_TEST(a request that two parsers could read differently is refused and the connection ends) {
  start();
  const std::string post = "POST /v1/files HTTP/1.1\r\nHost: a\r\n";
  const std::string next = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";
  CAF_CHECK(
    raw(post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next, true)
    == refused);
  CAF_CHECK(raw(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + next, true)
            == refused);
  CAF_CHECK(raw(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + next, true) == refused);
  CAF_CHECK(raw(post + "Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd" + next, true)
            == refused);
  CAF_CHECK(raw(post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" + next, true)
            == refused);
  CAF_CHECK(raw(post + "Content-Length: -1\r\n\r\n" + next, true) == refused);
  CAF_CHECK(raw(post + "Content-Length : 4\r\n\r\nabcd" + next, true) == refused);
  CAF_CHECK(raw("POST /v1/files HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true)
            == refused);
  const auto left = listed();
  CAF_CHECK_EQUAL(left, 0u);
}

CAF_TEST(a head that is no HTTP is refused) {
  start();
  CAF_CHECK(raw("hello\r\n\r\n", true) == refused);
  CAF_CHECK(raw("GET /livez HTTP/1.1\r\n\r\n", true) == refused);
  CAF_CHECK(raw("GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", true) == refused);
  CAF_CHECK(raw("GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n", true) == refused);
  CAF_CHECK(raw("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", true) == refused);
  for (const auto* version : {"2.0", "2.2", "0.9", "1.x", "1.12", "1.", "1"})
    CAF_CHECK(raw("GET /livez HTTP/" + std::string{version} + "\r\nHost: a\r\n\r\n", true)
              == refused);
}

CAF_TEST(headers over the limit are 431) {
  start();
  const auto long_line =
    raw(get_head + "X: " + std::string(options.max_header_bytes, 'x') + "\r\n\r\n", true);
  CAF_CHECK(long_line == std::make_pair(431, true));
  std::string many;
  while (many.size() < options.max_header_bytes)
    many += "A: b\r\n";
  const auto many_lines = raw(get_head + many + "\r\n", true);
  CAF_CHECK(many_lines == std::make_pair(431, true));
}

CAF_TEST(a head that does not arrive in time is 408 and an idle connection just ends) {
  options.header_timeout = 50ms;
  options.idle_timeout = 60ms;
  start();
  const auto slow = raw("GET /livez HT");
  CAF_CHECK(slow == std::make_pair(408, true));
  http_client idle{server->address()};
  CAF_CHECK(idle.is_closed());
}

CAF_TEST(more connections than allowed wait until one ends) {
  options.max_connections = 1;
  options.threads = 1;
  start();
  std::optional<http_client> first;
  first.emplace(server->address());
  const auto served = first->ask("GET", "/livez").status;
  CAF_CHECK_EQUAL(served, 200);
  http_client second{server->address()};
  second.send(get_head + "\r\n");
  const auto counted = json::parse(first->ask("GET", "/v1/files").body)["files"].size();
  CAF_CHECK_EQUAL(counted, 0u);
  first.reset();
  const auto later = second.read().status;
  CAF_CHECK_EQUAL(later, 200);
}

CAF_TEST(another server can not take a port in use) {
  start();
  net::settings same;
  same.listen = {server->address()};
  const auto second = net::server::start(same, {&sys, dispatcher, owner, notifier, reader()});
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().code == errc::storage_io);
  same.listen = {"127.0.0.1"};
  const auto third = net::server::start(same, {&sys, dispatcher, owner, notifier, reader()});
  CAF_REQUIRE(!third);
  CAF_CHECK(third.error().code == errc::bad_request);
}

CAF_TEST(a foreign page may not change anything) {
  start();
  const auto foreign = ask("POST", "/v1/files", "x", "Origin: https://evil.example\r\n");
  CAF_CHECK_EQUAL(foreign.status, 403);
  const auto own = ask("POST", "/v1/files", "x", "Origin: http://mediad.test\r\n");
  CAF_CHECK_EQUAL(own.status, 201);
}

CAF_TEST(stopping ends idle connections at once and running requests after the grace) {
  options.grace = 100ms;
  options.threads = 2;
  start();
  http_client idle{server->address()};
  idle.ask("GET", "/livez");
  http_client busy{server->address()};
  busy.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  stop();
  CAF_CHECK(idle.is_closed());
  CAF_CHECK(busy.is_closed());
  const auto left = staged();
  CAF_CHECK_EQUAL(left, 0u);
}

CAF_TEST(stopping does not wait for an actor that never answers) {
  options.grace = 50ms;
  end(dispatcher);
  dispatcher = mute_dispatcher(sys);
  start();
  http_client waiting{server->address()};
  waiting.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
  http_client other{server->address()};
  other.ask("GET", "/livez");
  stop();
  CAF_CHECK(waiting.is_closed());
}

CAF_TEST(an actor that does not answer in time is 503) {
  options.request_timeout = 50ms;
  end(dispatcher);
  dispatcher = mute_dispatcher(sys);
  start();
  const auto a = ask("GET", "/readyz");
  CAF_CHECK_EQUAL(a.status, 503);
  CAF_CHECK_EQUAL(a.field("retry-after"), "5");
}

CAF_TEST(probes tell what is and metrics count it) {
  start();
  upload("a", "12345");
  http_client c{server->address()};
  const auto ready = c.ask("GET", "/readyz?verbose").body;
  CAF_CHECK_EQUAL(ready, "ok\ninspection 1: over\n");
  const auto text = c.ask("GET", "/metrics").body;
  for (const auto* line : {"\nmediad_uploads_total 1\n", "\nmediad_upload_bytes_total 5\n",
                           "\nmediad_uploads_receiving 0\n", "{class=\"2xx\"} 2\n"}) {
    const bool said = text.find(line) != std::string::npos;
    if (!said)
      CAF_ERROR("missing: " << line);
  }
}

CAF_TEST(a notice becomes an event and anything else is refused) {
  start();
  const std::string type = "Content-Type: application/json\r\n";
  const auto posted = ask("POST", "/v1/notices", R"({"user":null,"message":"hello"})", type);
  CAF_REQUIRE_EQUAL(posted.status, 201);
  const auto kind = json::parse(posted.body)["type"].get<std::string>();
  CAF_CHECK_EQUAL(kind, "notice");
  const auto status = [&](const std::string& body, const std::string& fields) {
    return ask("POST", "/v1/notices", body, fields).status;
  };
  CAF_CHECK_EQUAL(status(R"({"message":"hello"})", ""), 415);
  CAF_CHECK_EQUAL(status("{", type), 400);
  CAF_CHECK_EQUAL(status(R"({"message":""})", type), 400);
  const auto detail = [&](const std::string& body) {
    const auto a = ask("POST", "/v1/notices", body, type);
    CAF_CHECK_EQUAL(a.status, 400);
    return json::parse(a.body)["detail"].get<std::string>();
  };
  CAF_CHECK(detail(R"({"text":"a"})").starts_with("`message` must be a text"));
  CAF_CHECK(detail(R"({"message":1})").starts_with("`message` must be a text"));
  CAF_CHECK(detail(R"({"message":"a","user":1})").starts_with("`user` must be"));
  CAF_CHECK(detail(R"({"message":"a","user":"nobody"})").starts_with("`user` names no user"));
  CAF_CHECK(detail("[]").starts_with("The body must be"));
  CAF_CHECK_EQUAL(status(std::string(20'000, ' '), type), 413);
}

CAF_TEST_FIXTURE_SCOPE_END()
