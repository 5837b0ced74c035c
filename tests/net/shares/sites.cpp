#define CAF_SUITE net_shares_sites

#include "tests/net/shares/shares_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

const std::string own = "Origin: http://mediad.test\r\n";
const std::string foreign = "Origin: https://elsewhere.example\r\n";
const std::string by_link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                            "Sec-Fetch-Dest: document\r\n";
const std::string embedded = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
                             "Sec-Fetch-Dest: image\r\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(sites_tests, shares_fixture)

CAF_TEST(a link on another site leads to the page of a share and to nothing below it) {
  start_with_people();
  const auto id = photo();
  const auto path = showing("view", {id}).path;
  CAF_CHECK_EQUAL(status_at(path, by_link), 200);
  for (const auto* what : {"/share", "/files", "/files/x/preview"})
    CAF_CHECK_EQUAL(status_at(path + what, by_link), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + id + "/preview", embedded), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files", "Sec-Fetch-Site: same-site\r\n"), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files", "Sec-Fetch-Site: same-origin\r\n"), 200);
}

CAF_TEST(what a guest changes comes from the own origin and from no other that is allowed) {
  options.allowed_origins = {"https://elsewhere.example", "*"};
  start_with_people();
  const auto path = inbox({{"password", "two red lighthouses"}}).path;
  const json right{{"password", "two red lighthouses"}};
  CAF_CHECK_EQUAL(status_in(ask_json("POST", path + "/password", right, foreign)), 403);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", path + "/password", right, "Origin: null\r\n")), 403);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", path + "/password", right, by_link)), 403);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", path + "/password", right, own)), 204);
  const auto open = inbox().path;
  CAF_CHECK_EQUAL(status_in(ask("POST", open + "/files?name=a.bin", "sand", foreign)), 403);
  CAF_CHECK_EQUAL(status_in(ask("POST", open + "/files?name=a.bin", "sand", own)), 201);
}

CAF_TEST(no other origin may read a share) {
  options.allowed_origins = {"https://elsewhere.example"};
  start_with_people();
  const auto path = inbox().path;
  const auto preflight =
    ask("OPTIONS", path + "/files", "", foreign + "Access-Control-Request-Method: POST\r\n");
  CAF_CHECK_EQUAL(preflight.field("access-control-allow-origin"), "");
  CAF_CHECK_EQUAL(preflight.field("access-control-allow-methods"), "");
  CAF_CHECK_EQUAL(status_at(path + "/share", foreign), 403);
}

CAF_TEST(the page may load nothing but its script and what is below the share) {
  start_with_people();
  const auto path = inbox().path;
  const auto page = ask("GET", path);
  CAF_CHECK_EQUAL(page.status, 200);
  const auto policy = page.field("content-security-policy");
  CAF_CHECK(policy.starts_with("default-src 'none'; script-src 'self'"));
  CAF_CHECK(policy.find("connect-src http://mediad.test" + path + "/;") != std::string::npos);
  CAF_CHECK(policy.find("unsafe") == std::string::npos);
  CAF_CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CAF_CHECK_EQUAL(page.field("x-robots-tag"), "noindex, nofollow");
  CAF_CHECK_EQUAL(page.field("referrer-policy"), "no-referrer");
  CAF_CHECK_EQUAL(status_at("/s/no%20key%3B"), 404);
  const auto told = ask("GET", path + "/share");
  CAF_CHECK_EQUAL(told.field("x-robots-tag"), "noindex, nofollow");
  CAF_CHECK_EQUAL(told.field("referrer-policy"), "no-referrer");
}

CAF_TEST_FIXTURE_SCOPE_END()
