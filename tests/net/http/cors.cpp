#define CAF_SUITE net_http_cors

#include "net/http/cors.hpp"

#include "net/http/forwarded.hpp"
#include "net/io/address_list.hpp"
#include "tests/net/tus/client.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

const std::string page = "Origin: https://media.example\r\n";
const std::string stranger = "Origin: https://evil.example\r\n";
const std::string preflight = "Access-Control-Request-Method: PATCH\r\n";

bool has(const std::string& list, const std::string& word) {
  return list.find(word) != std::string::npos;
}

std::optional<net::public_address> seen(const std::string& name, const std::string& value) {
  net::http::fields fields;
  fields.insert(name, value);
  return net::read_forwarded(fields, "inner:8080");
}

} // namespace

CAF_TEST(only a page of this host may connect from a browser) {
  const auto same = [](std::string_view origin, std::string_view own) {
    return net::is_same_origin(origin, own);
  };
  CAF_CHECK(same("http://localhost:8080", "http://localhost:8080"));
  CAF_CHECK(same("https://Media.example", "https://media.example"));
  CAF_CHECK(same("https://media.example", "https://media.example:443"));
  CAF_CHECK(same("http://media.example", "http://media.example:80"));
  CAF_CHECK(same("http://[::1]:8080", "http://[::1]:8080"));
  CAF_CHECK(!same("http://media.example", "https://media.example"));
  CAF_CHECK(!same("http://media.example:443", "http://media.example"));
  CAF_CHECK(!same("http://evil.example", "http://localhost:8080"));
  CAF_CHECK(!same("http://localhost:8081", "http://localhost:8080"));
  CAF_CHECK(!same("http://localhost:8080.evil.example", "http://localhost:8080"));
  CAF_CHECK(!same("null", "http://localhost:8080"));
  CAF_CHECK(!same("", "http://localhost:8080"));
}

CAF_TEST_FIXTURE_SCOPE(cors_tests, tus_fixture)

CAF_TEST(by default no page but ours may change anything or read answers) {
  start();
  const auto posted = ask("POST", "/v1/files", "x", page);
  CAF_CHECK_EQUAL(posted.status, 403);
  CAF_CHECK_EQUAL(posted.fields.count("access-control-allow-origin"), 0U);
  const auto asked = ask("OPTIONS", "/v1/files", "", page + preflight);
  CAF_CHECK_EQUAL(asked.fields.count("access-control-allow-methods"), 0U);
  const auto own = ask("POST", "/v1/files", "x", "Origin: http://mediad.test\r\n");
  CAF_CHECK_EQUAL(own.status, 201);
}

CAF_TEST(a page on the list may do all that a browser client needs) {
  options.allowed_origins = {"https://other.example", "https://media.example"};
  start();
  const auto asked = ask("OPTIONS", "/v1/files", "", page + preflight);
  CAF_CHECK_EQUAL(asked.status, 204);
  CAF_CHECK_EQUAL(asked.field("access-control-allow-origin"), "https://media.example");
  CAF_CHECK_EQUAL(asked.field("vary"), "Origin");
  CAF_CHECK_EQUAL(asked.field("access-control-max-age"), "86400");
  for (const auto* method : {"POST", "PATCH", "DELETE", "HEAD", "GET"})
    CAF_CHECK(has(asked.field("access-control-allow-methods"), method));
  for (const auto* name :
       {"Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Concat",
        "Upload-Defer-Length", "Upload-Checksum", "Upload-Complete", "Upload-Draft-Interop-Version",
        "Content-Type", "X-HTTP-Method-Override", "Repr-Digest", "Idempotency-Key"})
    CAF_CHECK(has(asked.field("access-control-allow-headers"), name));
  const auto made = create("Upload-Length: 5\r\n" + page);
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("access-control-allow-origin"), "https://media.example");
  for (const auto* name : {"Location", "Upload-Offset", "Upload-Length", "Tus-Resumable",
                           "Upload-Expires", "Mediad-Progress-Id", "Link"})
    CAF_CHECK(has(made.field("access-control-expose-headers"), name));
  const auto missing = ask("GET", "/v1/files/nothing", "", page);
  CAF_CHECK_EQUAL(missing.status, 404);
  CAF_CHECK_EQUAL(missing.field("access-control-allow-origin"), "https://media.example");
}

CAF_TEST(a page that is not on the list may not ) {
  options.allowed_origins = {"https://media.example"};
  start();
  const auto posted = create("Upload-Length: 5\r\n" + stranger);
  CAF_CHECK_EQUAL(posted.status, 403);
  CAF_CHECK_EQUAL(posted.field("tus-resumable"), "1.0.0");
  CAF_CHECK_EQUAL(posted.field("vary"), "Origin");
  CAF_CHECK_EQUAL(posted.fields.count("access-control-allow-origin"), 0U);
  const auto place = created(5);
  const auto overridden =
    ask("POST", place, "", tus + "X-HTTP-Method-Override: DELETE\r\n" + stranger);
  CAF_CHECK_EQUAL(overridden.status, 403);
  const auto socket = ask("GET", "/v1/events", "",
                          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
                          "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + stranger);
  CAF_CHECK_EQUAL(socket.status, 403);
}

CAF_TEST(a star lets every page in) {
  options.allowed_origins = {"*"};
  start();
  const auto made = create("Upload-Length: 5\r\n" + stranger);
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("access-control-allow-origin"), "*");
}

CAF_TEST(a trusted proxy says where uploads are) {
  options.trusted_proxies = {"127.0.0.0/8"};
  start();
  const auto old = create("Upload-Length: 5\r\nX-Forwarded-Proto: https\r\n"
                          "X-Forwarded-Host: media.example\r\n");
  CAF_CHECK(old.field("location").starts_with("https://media.example/v1/files/"));
  const auto standard = create("Upload-Length: 5\r\nForwarded: for=1.2.3.4;proto=https;"
                               "host=\"media.example:444\"\r\n");
  CAF_CHECK(standard.field("location").starts_with("https://media.example:444/v1/files/"));
  const auto silent = create("Upload-Length: 5\r\n");
  CAF_CHECK(silent.field("location").starts_with("/v1/files/"));
  const std::string at_proxy = "X-Forwarded-Host: media.example\r\nX-Forwarded-Proto: https\r\n";
  const auto own = create("Upload-Length: 5\r\n" + at_proxy + page);
  CAF_CHECK_EQUAL(own.status, 201);
  const auto plain = create("Upload-Length: 5\r\nX-Forwarded-Host: media.example\r\n" + page);
  CAF_CHECK_EQUAL(plain.status, 403); // the page came by https, and the proxy says http
  const auto other = create("Upload-Length: 5\r\nX-Forwarded-Host: media.example\r\n" + stranger);
  CAF_CHECK_EQUAL(other.status, 403);
}

CAF_TEST(nobody else is believed) {
  options.trusted_proxies = {"10.0.0.0/8", "::1"};
  start();
  const std::string claims = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: media.example\r\n";
  const auto made = create("Upload-Length: 5\r\n" + claims);
  CAF_CHECK(made.field("location").starts_with("/v1/files/"));
  CAF_CHECK_EQUAL(create("Upload-Length: 5\r\n" + claims + page).status, 403);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(of a list the member that the nearest proxy added counts) {
  const auto a = seen("Forwarded", "host=evil.example;proto=http, proto=https;host=media.example");
  CAF_REQUIRE(a.has_value());
  CAF_CHECK_EQUAL(a->host, "media.example");
  CAF_CHECK_EQUAL(a->scheme, "https");
  const auto b = seen("X-Forwarded-Host", "evil.example, media.example");
  CAF_REQUIRE(b.has_value());
  CAF_CHECK_EQUAL(b->host, "media.example");
  const auto c = seen("X-Forwarded-Proto", "https");
  CAF_REQUIRE(c.has_value());
  CAF_CHECK_EQUAL(c->host, "inner:8080");
}

CAF_TEST(what makes no sense is as if it were not there) {
  for (const auto* value : {"host=\"a b\"", "proto=ftp", "host=\"user@x\"", "host=", "host"})
    CAF_CHECK(!seen("Forwarded", value));
  CAF_CHECK(!seen("X-Forwarded-Host", "a/b"));
  CAF_CHECK(!seen("X-Forwarded-Proto", "javascript"));
}

CAF_TEST(an address is in its range in either of its forms) {
  const auto list = net::address_list::parse({"10.1.0.0/16", "192.168.1.7", "fd00::/8"}).value();
  const auto holds = [&](const char* text) {
    return list.holds(boost::asio::ip::make_address(text));
  };
  for (const auto* in : {"10.1.2.3", "::ffff:10.1.2.3", "192.168.1.7", "fd12::1"})
    CAF_CHECK(holds(in));
  for (const auto* out : {"10.2.0.1", "192.168.1.8", "fe80::1", "::1", "127.0.0.1"})
    CAF_CHECK(!holds(out));
  for (const auto* bad : {"x", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", ""})
    CAF_CHECK(!net::address_list::parse({bad}));
}
