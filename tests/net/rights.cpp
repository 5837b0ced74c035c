#define CAF_SUITE net_rights

#include "base/ulid.hpp"
#include "net/routes.hpp"
#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

constexpr right each_right[] = {right::upload, right::read,  right::write,
                                right::remove, right::share, right::admin};

const std::string tus_append = "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                               "Content-Type: application/offset+octet-stream\r\n";

/// A server that believes what a request says of itself: `X-User` is an id, `X-May` has words.
struct rights_fixture : http_fixture {
  rights_fixture() {
    who_asks = [](const net::http::request_header<>& head) -> result<net::caller> {
      if (head["X-May"] == "unknown")
        return fail(errc::busy, "who has which rights cannot be read");
      net::caller who{std::string{head["X-User"]}, {}};
      for (const auto r : each_right)
        if (std::string{head["X-May"]}.find(to_string(r)) != std::string::npos)
          who.may.add(r);
      return who;
    };
    start();
  }

  http_answer ask_as(const std::string& name, rights may, const std::string& method,
                     const std::string& target, const std::string& more = "") {
    return ask(method, target, "",
               "X-User: " + id_of(name) + "\r\nX-May: " + to_string(may) + "\r\n" + more);
  }

  http_answer ask_for(const net::route& r, const std::string& name, rights may,
                      const std::string& id = make_ulid()) {
    const std::string method{to_string(r.method)};
    std::string target{r.pattern};
    if (const auto at = target.find("{id}"); at != std::string::npos)
      target.replace(at, 4, id);
    if (const auto at = target.find("{path}"); at != std::string::npos)
      target.replace(at, 6, "2026/summer");
    if (const auto at = target.find("{name}"); at != std::string::npos)
      target.replace(at, 6, "w640.webp");
    if (const auto at = target.find("{month}"); at != std::string::npos)
      target.replace(at, 7, "2026-11");
    return ask_as(name, may, method, target, method == "PATCH" ? tus_append : "");
  }

  static rights all_but(rights some) {
    rights rest;
    for (const auto r : each_right)
      if (!some.has(r))
        rest.add(r);
    return rest;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(rights_tests, rights_fixture)

CAF_TEST(a route is closed to whoever has all rights but those that it needs) {
  for (const auto& r : net::all_routes()) {
    const auto status = ask_for(r, "ann", all_but(r.needs)).status;
    CAF_MESSAGE(r.method << ' ' << r.pattern);
    CAF_CHECK_EQUAL(status == 403, !r.needs.empty());
  }
}

CAF_TEST(a route is open to whoever has any one of the rights that it needs) {
  for (const auto& r : net::all_routes())
    for (const auto one : each_right)
      if (r.needs.has(one)) {
        const auto a = ask_for(r, "ann", rights{one});
        CAF_MESSAGE(r.method << ' ' << r.pattern);
        CAF_CHECK(a.body.find("missing_right") == std::string::npos);
      }
}

CAF_TEST(a refusal says which rights would do) {
  const auto a = ask_as("ann", {right::share}, "GET", "/v1/events");
  CAF_CHECK_EQUAL(a.status, 403);
  CAF_CHECK_EQUAL(a.field("content-type"), "application/problem+json");
  const auto told = json::parse(a.body);
  CAF_CHECK_EQUAL(told["code"], "missing_right");
  CAF_CHECK_EQUAL(told["detail"], "This needs one of these rights: upload, read.");
}

CAF_TEST(nothing comes of an upload without the right to it) {
  const auto fields = "X-User: " + id_of("ann") + "\r\nX-May: read\r\n";
  CAF_CHECK_EQUAL(ask("POST", "/v1/files?name=a.bin", "hello", fields).status, 403);
  const auto list = json::parse(ask_as("ann", {right::read}, "GET", "/v1/files").body);
  CAF_CHECK(list["files"].empty());
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(an authenticator that fails is the answer) {
  const auto a = ask("GET", "/v1/files", "", "X-May: unknown\r\n");
  CAF_CHECK_EQUAL(a.status, 503);
  const auto told = json::parse(a.body);
  CAF_CHECK_EQUAL(told["code"], "busy");
}

CAF_TEST(nobody is asked who they are where anybody may ask) {
  CAF_CHECK_EQUAL(ask("GET", "/livez", "", "X-May: unknown\r\n").status, 200);
}

CAF_TEST(no right shows a file that belongs to another user) {
  const auto r = finished("ann", "a.jpg", "sand");
  for (const auto& one : net::all_routes())
    if (one.pattern.starts_with("/v1/files/{id}")) {
      const auto his = ask_for(one, "bob", rights::all(), r.id).status;
      CAF_MESSAGE(one.method << ' ' << one.pattern);
      CAF_CHECK_EQUAL(his, 404);
    }
  CAF_CHECK_EQUAL(ask_as("ann", {right::read}, "GET", "/v1/files/" + r.id).status, 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
