#define CAF_SUITE net_people_proxied

#include "net/people/proxied.hpp"

#include "tests/net/support/people_fixture.hpp"

#include <fstream>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct proxied_fixture : people_fixture {
  static inline const std::string secret = "sixteen bytes and some";
  static inline const std::string proof = "Mediad-Proxy-Secret: " + secret + "\r\n";

  proxied_fixture() {
    options.proxy_header = "Remote-User";
    options.proxy_peers = {"127.0.0.1"};
    options.proxy_secret = root() / "proxy_secret";
    std::ofstream{options.proxy_secret} << secret << '\n';
  }

  static std::string named(const std::string& name) {
    return of_page + proof + "Remote-User: " + name + "\r\n";
  }
  json session(const std::string& fields) {
    return json::parse(ask("GET", "/v1/session", "", fields).body);
  }
  std::string user_of(const std::string& fields) {
    return session(fields)["user"]["id"].get<std::string>();
  }
  int notice(const std::string& fields) {
    return ask_json("POST", "/v1/notices", {{"message", "Back at noon."}}, fields).status;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(proxied_tests, proxied_fixture)

CAF_TEST(whom a proxy names with the secret is that user) {
  start_with_people();
  CAF_CHECK(user_of(named("mia")) == mia);
  const auto told = session(named("mia"));
  CAF_CHECK_EQUAL(told["signed_in"], true);
  const auto record = json::parse(ask("POST", "/v1/files?name=a.bin", "sand", named("mia")).body);
  CAF_CHECK(reader().find(record["id"].get<std::string>()).value().user == mia);
}

CAF_TEST(a name without the secret or with another one counts for nothing) {
  start_with_people();
  const std::string name = "Remote-User: mia\r\n";
  CAF_CHECK_EQUAL(status_of(name), 401);
  CAF_CHECK_EQUAL(status_of(name + "Mediad-Proxy-Secret: sixteen bytes and more\r\n"), 401);
  CAF_CHECK_EQUAL(status_of(name + "Mediad-Proxy-Secret:\r\n"), 401);
  CAF_CHECK_EQUAL(status_of(proof), 401);
}

CAF_TEST(a name from elsewhere than the proxies counts for nothing) {
  options.proxy_peers = {"127.0.0.2", "unix"};
  start_with_people();
  CAF_CHECK_EQUAL(status_of(named("mia")), 401);
}

CAF_TEST(an empty name names nobody) {
  start_with_people();
  CAF_CHECK_EQUAL(status_of(named("")), 401);
  CAF_CHECK_EQUAL(status_of(signed_in("mia") + proof + "Remote-User:\r\n"), 200);
}

CAF_TEST(nothing on this machine is believed without a secret) {
  options.proxy_secret.clear();
  start_with_people();
  CAF_CHECK_EQUAL(status_of(named("mia")), 401);
}

CAF_TEST(the field counts for nothing unless it is set) {
  options.proxy_header.clear();
  start_with_people();
  CAF_CHECK_EQUAL(status_of(named("mia")), 401);
}

CAF_TEST(a server does not start with a secret that is missing or short) {
  for (const std::string text : {"", "short\n", "fifteen bytes..\nand more"}) {
    std::ofstream{options.proxy_secret} << text;
    net::backend_handles deps{&sys, dispatcher, owner, notifier, reader()};
    const auto started = net::server::start(options, std::move(deps));
    CAF_REQUIRE(!started);
    CAF_CHECK(started.error().detail.starts_with("auth.proxy_secret: "));
  }
}

CAF_TEST(the field twice is refused wherever it comes from) {
  start_with_people();
  const auto a = ask("GET", "/v1/files", "", named("mia") + "Remote-User: ada\r\n");
  CAF_CHECK_EQUAL(a.status, 400);
  CAF_CHECK_EQUAL(status_of("Remote-User: a\r\nremote-user: b\r\n", "/livez"), 400);
  CAF_CHECK_EQUAL(status_of(proof + "Remote-User: mia, ada\r\n"), 401);
}

CAF_TEST(a name never makes an admin but a session of the same name may be one) {
  start_with_people();
  CAF_CHECK(user_of(named("ada")) == ada);
  CAF_CHECK_EQUAL(notice(named("ada")), 403);
  CAF_CHECK_EQUAL(notice(signed_in("ada") + proof + "Remote-User: ada\r\n"), 201);
}

CAF_TEST(a session of another name is refused and forgotten) {
  start_with_people();
  const auto page = signed_in("mia");
  const auto a = ask("GET", "/v1/files", "", page + proof + "Remote-User: ada\r\n");
  CAF_CHECK_EQUAL(a.status, 401);
  CAF_CHECK(a.field("set-cookie").starts_with("mediad=; Path=/;"));
  CAF_CHECK_EQUAL(status_of(page + proof + "Remote-User: mia\r\n"), 200);
}

CAF_TEST(a session that is not known here does not hide the name) {
  start_with_people();
  const auto unknown = "Cookie: mediad=01ARZ3NDEKTSV4RRFFQ69G5FAV." + std::string(43, 'a') + "\r\n";
  CAF_CHECK(user_of(named("mia") + unknown) == mia);
}

CAF_TEST(a token counts before the name) {
  start_with_people();
  const auto by = token_of(mia, net::rights{net::right::read}.to_bits());
  CAF_CHECK(user_of(named("ada") + by) == mia);
  CAF_CHECK_EQUAL(status_of(named("ada") + bearer("mediad_01ARZ3NDEKTSV4RRFFQ69G5FAV_a")), 401);
}

CAF_TEST(a disabled user and an unknown name are refused) {
  start_with_people();
  storage::user_change c{mia};
  c.disabled = true;
  have_applied(c);
  CAF_CHECK_EQUAL(status_of(named("mia")), 401);
  CAF_CHECK_EQUAL(status_of(named("bea")), 401);
  CAF_CHECK(!reader().find_user("bea"));
}

CAF_TEST(an unknown name becomes a member if that is wanted) {
  options.proxy_adds_users = true;
  start_with_people();
  CAF_CHECK_EQUAL(status_of(named("bea")), 200);
  CAF_CHECK_EQUAL(status_of(named("bea")), 200);
  CAF_CHECK_EQUAL(status_of(named("not a name")), 401);
  const auto made = reader().find_user_by_id(reader().find_user("bea").value()).value();
  CAF_CHECK(made.role == user_role::member);
  CAF_CHECK(!made.may_sign_in());
  CAF_CHECK(!reader().find_user("not a name"));
}

CAF_TEST(nobody becomes a user before somebody signs in) {
  options.proxy_adds_users = true;
  start();
  const auto told = session(named("bea"));
  CAF_CHECK_EQUAL(told["user"]["name"], "local");
}

CAF_TEST(what lasts needs a password beside the name) {
  start_with_people();
  const auto a = make_token(named("mia"), {"read"});
  CAF_CHECK_EQUAL(a.status, 403);
  CAF_CHECK(code_of(a) == "password_needed");
  const auto change =
    ask_json("PUT", "/v1/password", {{"old", password}, {"new", "other-waves!!"}}, named("mia"));
  CAF_CHECK(code_of(change) == "session_needed");
}

CAF_TEST(a page of another site changes nothing by the name) {
  options.allowed_origins = {"*", "https://app.example"};
  start_with_people();
  const auto by_name = proof + "Remote-User: mia\r\n";
  const auto post = [&](const std::string& more) {
    return ask("POST", "/v1/files?name=a.bin", "sand", by_name + more).status;
  };
  CAF_CHECK_EQUAL(post("Origin: https://evil.example\r\n"), 403);
  CAF_CHECK_EQUAL(post("Origin: null\r\n"), 403);
  CAF_CHECK_EQUAL(post(""), 403);
  CAF_CHECK_EQUAL(post("Sec-Fetch-Site: cross-site\r\n"), 403);
  CAF_CHECK_EQUAL(post("Origin: https://app.example\r\n"), 201);
  CAF_CHECK_EQUAL(post("Sec-Fetch-Site: same-origin\r\n"), 201);
  CAF_CHECK_EQUAL(status_of(by_name + "Origin: https://evil.example\r\n"), 403);
  CAF_CHECK_EQUAL(status_of(by_name + "Sec-Fetch-Site: cross-site\r\n"), 403);
}

CAF_TEST(every page may not act by the cookie of a session) {
  options.allowed_origins = {"*"};
  start_with_people();
  const auto cookie = signed_in("mia").substr(of_page.size());
  const auto status =
    ask("POST", "/v1/files?name=a.bin", "sand", cookie + "Origin: https://evil.example\r\n").status;
  CAF_CHECK_EQUAL(status, 403);
}

CAF_TEST_FIXTURE_SCOPE_END()
