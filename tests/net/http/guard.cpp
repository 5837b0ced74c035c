#define CAF_SUITE net_http_guard

#include "net/http/guard.hpp"

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                            "Sec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

struct guard_fixture : http_fixture {
  /// The status of a request that names @p host.
  int status_at(const std::string& host, const std::string& method, const std::string& target,
                const std::string& fields = "", const std::string& body = "") {
    http_client client{server->address()};
    client.send(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields
                + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read(method == "HEAD").status;
  }
  /// The status of a request from a page, by what its browser adds.
  int status_of(const std::string& method, const std::string& target, const std::string& fields) {
    return status_at("localhost:80", method, target, fields);
  }
};

} // namespace

CAF_TEST(only names of this machine and those on the list are known) {
  for (const auto* host : {"localhost", "LocalHost:8080", "photos.localhost", "localhost.",
                           "127.0.0.1:8080", "127.9.8.7", "[::1]:8080", "[::1]"})
    CAF_CHECK(net::is_known_host(host, {}));
  for (const auto* host : {"evil.example", "localhost.evil.example", "notlocalhost", "10.0.0.1", "",
                           "[::2]:80", "127.0.0.1.evil.example", "0.0.0.0"})
    CAF_CHECK(!net::is_known_host(host, {}));
  CAF_CHECK(net::is_known_host("Media.example:444", {"media.example"}));
  CAF_CHECK(net::is_known_host("media.example:444", {"media.example:444"}));
  CAF_CHECK(!net::is_known_host("media.example:445", {"media.example:444"}));
  CAF_CHECK(!net::is_known_host("sub.media.example", {"media.example"}));
  CAF_CHECK(net::is_known_host("[fd00::7]:80", {"[fd00::7]"}));
}

CAF_TEST_FIXTURE_SCOPE(guard_tests, guard_fixture)

CAF_TEST(a name that was pointed at this machine is refused on every route) {
  start();
  const std::string page = "Origin: http://evil.example:80\r\n";
  for (const auto* target : {"/", "/v1/files", "/livez", "/metrics", "/openapi.json"})
    CAF_CHECK_EQUAL(status_at("evil.example:80", "GET", target), 421);
  CAF_CHECK_EQUAL(status_at("evil.example", "POST", "/v1/files?name=a", page, "x"), 421);
  CAF_CHECK_EQUAL(status_at("evil.example", "OPTIONS", "/v1/files", page), 421);
  CAF_CHECK_EQUAL(status_at("evil.example", "GET", "/v1/events", page + upgrade), 421);
  CAF_CHECK_EQUAL(status_at("127.0.0.1", "GET", "/livez"), 200);
}

CAF_TEST(what a proxy forwards must be known as well as what it says itself) {
  options.trusted_proxies = {"127.0.0.1"};
  start();
  CAF_CHECK_EQUAL(status_at("localhost", "GET", "/livez", "X-Forwarded-Host: evil.example\r\n"),
                  421);
  CAF_CHECK_EQUAL(status_at("evil.example", "GET", "/livez", "X-Forwarded-Host: localhost\r\n"),
                  421);
  CAF_CHECK_EQUAL(status_at("localhost", "GET", "/livez", "X-Forwarded-Host: media.example\r\n"),
                  200);
}

CAF_TEST(pages of other sites neither read nor change) {
  start();
  const std::string other = "Sec-Fetch-Site: cross-site\r\n";
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", other), 403);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Origin: http://evil.example\r\n"), 403);
  CAF_CHECK_EQUAL(status_of("POST", "/v1/files?name=a", other), 403);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/events", other + "Accept: text/event-stream\r\n"), 403);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Origin: https://localhost\r\n"), 403);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Sec-Fetch-Site: same-origin\r\n"), 200);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Sec-Fetch-Site: none\r\n"), 200);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Origin: http://localhost\r\n"), 200);
}

CAF_TEST(a link on another site opens the page and nothing else) {
  start();
  const std::string link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                           "Sec-Fetch-Dest: document\r\n";
  CAF_CHECK_EQUAL(status_of("GET", "/", link), 200);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", link), 403);
  CAF_CHECK_EQUAL(status_of("POST", "/", link), 403);
  const std::string frame = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                            "Sec-Fetch-Dest: iframe\r\n";
  CAF_CHECK_EQUAL(status_of("GET", "/", frame), 403);
}

CAF_TEST(a change with a cookie says which page it comes from) {
  start();
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/nothing", "Cookie: a=b\r\n"), 403);
  CAF_CHECK_EQUAL(
    status_of("DELETE", "/v1/files/nothing", "Cookie: a=b\r\nSec-Fetch-Site: same-origin\r\n"),
    404);
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files", "Cookie: a=b\r\n"), 200);
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/nothing", ""), 404);
}

CAF_TEST_FIXTURE_SCOPE_END()
