#define CAF_SUITE net_people_signing

#include "net/people/signing.hpp"

#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

constexpr std::uint64_t shares = rights{right::share, right::read}.to_bits();

/// A picture of mia's that is ready, and mia's page.
struct signing_fixture : people_fixture {
  /// What a page of another site makes a browser send; a cookie as well, if there is one.
  static inline const std::string of_other_site =
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n";
  file_record photo;
  std::string page;

  signing_fixture() {
    start_with_people();
    users["mia"] = mia;
    photo = finished("mia", "a.jpg", "sand");
    page = signed_in("mia");
  }

  http_answer sign(const std::string& fields, json body) {
    return ask_json("POST", "/v1/files/" + photo.id + "/sign", body, fields);
  }
  std::string url_of(const std::string& fields, const std::string& of, json more = json::object()) {
    more["of"] = of;
    const auto a = sign(fields, more);
    if (a.status != 200)
      throw std::runtime_error{"signing: " + std::to_string(a.status) + ' ' + a.body};
    return json::parse(a.body)["url"];
  }
  int shown(const std::string& url, const std::string& fields = "") {
    return ask("GET", url, "", fields).status;
  }
  /// The url with other text in place of the first `what`.
  static std::string with(std::string url, const std::string& what, const std::string& other) {
    return url.replace(url.find(what), what.size(), other);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(signing_tests, signing_fixture)

CAF_TEST(a signed address shows the bytes to anybody) {
  for (const std::string of : {"content", "preview", "renditions/w640.webp", "archive"}) {
    const auto url = url_of(page, of);
    CAF_MESSAGE(url);
    const auto a = ask("GET", url);
    CAF_CHECK_EQUAL(a.status, 200);
    CAF_CHECK_EQUAL(a.field("cross-origin-resource-policy"), "cross-origin");
    CAF_CHECK_EQUAL(a.field("referrer-policy"), "no-referrer");
    CAF_CHECK_EQUAL(a.field("cache-control"), "private, no-cache");
    CAF_CHECK_EQUAL(shown(url.substr(0, url.find('?'))), 401);
  }
  CAF_CHECK(ask("GET", url_of(page, "content")).body == "sand");
}

CAF_TEST(without a signature an answer stays with its own origin) {
  const auto a = ask("GET", "/v1/files/" + photo.id + "/content", "", page);
  CAF_CHECK_EQUAL(a.field("cross-origin-resource-policy"), "same-origin");
  CAF_CHECK_EQUAL(a.field("referrer-policy"), "");
}

CAF_TEST(GET and HEAD are signed and no other method) {
  const auto url = url_of(page, "content");
  http_client c{server->address()};
  c.send("HEAD " + url + " HTTP/1.1\r\nHost: mediad.test\r\n\r\n");
  CAF_CHECK_EQUAL(status_in(c.read(true)), 200);
  CAF_CHECK_EQUAL(status_of("", url, "DELETE"), 405);
  const auto record = with(url, "/content", "");
  CAF_CHECK_EQUAL(status_of("", record, "DELETE"), 401);
  CAF_CHECK_EQUAL(status_of("", record), 401);
}

CAF_TEST(a page of another site may show it and what is not signed it may not ) {
  const auto url = url_of(page, "content");
  CAF_CHECK_EQUAL(shown(url, of_other_site), 200);
  CAF_CHECK_EQUAL(shown(url, "Origin: http://evil.example\r\n"), 200);
  const auto bare = url.substr(0, url.find('?'));
  CAF_CHECK_EQUAL(shown(bare, of_other_site), 403);
  CAF_CHECK_EQUAL(shown("/v1/files?signature=a", of_other_site), 403);
}

CAF_TEST(a cookie helps no address that shows a signature) {
  const auto bare = "/v1/files/" + photo.id + "/content";
  const auto cookie = page.substr(page.find("Cookie"));
  CAF_CHECK_EQUAL(shown(bare, page), 200);
  CAF_CHECK_EQUAL(shown(bare + "?signature=", page), 401);
  CAF_CHECK_EQUAL(shown(bare + "?signature=a", of_other_site + cookie), 401);
  CAF_CHECK_EQUAL(shown(url_of(page, "content") + "x", page), 401);
}

CAF_TEST(what was signed cannot be changed) {
  const auto url = url_of(page, "content", {{"expires_in", 60}});
  const auto other = finished("mia", "b.jpg", "other sand");
  CAF_CHECK_EQUAL(shown(url), 200);
  CAF_CHECK_EQUAL(shown(with(url, photo.id, other.id)), 401);
  CAF_CHECK_EQUAL(shown(with(url, "/content", "/archive")), 401);
  CAF_CHECK_EQUAL(shown(with(url, "/content", "/renditions/w640.webp")), 401);
  CAF_CHECK_EQUAL(shown(with(url, "expires=1", "expires=3")), 401);
  CAF_CHECK_EQUAL(shown(with(url, mia, ada)), 401);
  CAF_CHECK_EQUAL(shown(url + "&download=1"), 401);
  CAF_CHECK_EQUAL(shown(url + "&key=1"), 401);
  CAF_CHECK_EQUAL(shown(url + "&signature=1"), 401);
  CAF_CHECK_EQUAL(shown(url + "&"), 401);
  auto last = url;
  last.back() = last.back() == 'A' ? 'E' : 'A';
  CAF_CHECK_EQUAL(shown(last), 401);
}

CAF_TEST(it lasts seven days at most) {
  const auto a = sign(page, {{"of", "content"}, {"expires_in", 7 * 86'400}});
  CAF_CHECK_EQUAL(a.status, 200);
  for (const json& wrong : {json(7 * 86'400 + 1), json(0), json(-1), json(1.5), json("1h")})
    CAF_CHECK_EQUAL(status_in(sign(page, {{"of", "content"}, {"expires_in", wrong}})), 400);
}

CAF_TEST(it ends with its maker and with its file) {
  const auto url = url_of(page, "content");
  storage::user_change change{mia};
  change.disabled = true;
  have_applied(change);
  CAF_CHECK_EQUAL(shown(url), 401);
  change.disabled = false;
  have_applied(change);
  CAF_CHECK_EQUAL(shown(url), 200);
  have_applied(storage::removal{photo.id});
  CAF_CHECK_EQUAL(shown(url), 401);
}

CAF_TEST(what a token signs ends with the token) {
  const auto until = now_ms() + 3'600'000;
  const auto token = token_of(mia, shares, until);
  const auto a = sign(token, {{"of", "content"}, {"expires_in", 86'400}});
  CAF_REQUIRE_EQUAL(a.status, 200);
  const auto told = json::parse(a.body);
  CAF_CHECK(told["expires_at"].get<std::string>() <= to_rfc3339(until));
  const auto url = told["url"].get<std::string>();
  CAF_CHECK_EQUAL(shown(url), 200);
  const auto id = token.substr(token.find("mediad_") + 7, 26);
  have_applied(storage::credential_removal{mia, id});
  CAF_CHECK_EQUAL(shown(url), 401);
}

CAF_TEST(no credential makes a stronger one) {
  const json body{{"of", "content"}};
  CAF_CHECK_EQUAL(status_in(sign(token_of(mia, rights{right::share}.to_bits()), body)), 403);
  CAF_CHECK_EQUAL(status_in(sign(token_of(mia, rights{right::read}.to_bits()), body)), 403);
  CAF_CHECK_EQUAL(status_in(sign(token_of(mia, shares), body)), 200);
  CAF_CHECK_EQUAL(status_in(sign(signed_in("ada"), body)), 404);
  CAF_CHECK_EQUAL(status_in(sign("", body)), 401);
}

CAF_TEST(only what the file has is signed) {
  CAF_CHECK_EQUAL(status_in(sign(page, {{"of", "renditions/none"}})), 404);
  for (const auto* wrong : {"", "renditions/", "contents", "../content"})
    CAF_CHECK_EQUAL(status_in(sign(page, {{"of", wrong}})), 400);
  CAF_CHECK_EQUAL(status_in(sign(page, json::object())), 400);
}

CAF_TEST_FIXTURE_SCOPE_END()
