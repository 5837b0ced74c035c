#define CAF_SUITE net_shares

#include "net/shares/shares.hpp"

#include "net/shares/guest_json.hpp"
#include "tests/net/shares/shares_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

struct own_shares_fixture : shares_fixture {
  std::string token_with(std::initializer_list<right> some) {
    return token_of(ada, rights{some}.to_bits());
  }
  int refused(const json& body) {
    return status_in(share_with(ada_all(), body));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(own_shares_tests, own_shares_fixture)

CAF_TEST(a link is shown once) {
  start_with_people();
  const auto id = photo();
  const auto page = signed_in("ada");
  const auto made =
    share_with(page, {{"allow", "view"}, {"files", json::array({id})}, {"name", "Beach"}});
  CAF_CHECK_EQUAL(made.status, 201);
  const auto told = json::parse(made.body);
  const auto url = told["url"].get<std::string>();
  CAF_CHECK(url.starts_with("http://mediad.test/s/"));
  const auto list = ask("GET", "/v1/shares", "", page).body;
  CAF_CHECK(list.find(url.substr(url.size() - 43)) == std::string::npos);
  const auto items = json::parse(list)["items"];
  CAF_REQUIRE_EQUAL(items.size(), 1U);
  CAF_CHECK_EQUAL(items[0]["id"], told["id"]);
  CAF_CHECK_EQUAL(items[0]["name"], "Beach");
  CAF_CHECK_EQUAL(items[0]["is_open"], true);
  CAF_CHECK(!items[0].contains("url"));
}

CAF_TEST(a person shares only with a password given a moment ago) {
  start_with_people();
  const auto id = photo();
  const json wanted{{"allow", "view"}, {"files", json::array({id})}};
  const auto rested = session_of(ada, 0, now_ms() + 1'000'000);
  CAF_CHECK_EQUAL(code_of(share_with(rested, wanted)), "password_needed");
  CAF_CHECK_EQUAL(status_in(share_with(signed_in("ada"), wanted)), 201);
}

CAF_TEST(nobody gives away what they have not ) {
  start_with_people();
  const auto id = photo();
  const json shows{{"allow", "view"}, {"files", json::array({id})}};
  const json takes{{"allow", "upload"}};
  CAF_CHECK_EQUAL(status_in(share_with(token_with({right::read, right::upload}), takes)), 403);
  CAF_CHECK_EQUAL(status_in(share_with(token_with({right::share, right::upload}), shows)), 403);
  CAF_CHECK_EQUAL(status_in(share_with(token_with({right::share, right::read}), takes)), 403);
  CAF_CHECK_EQUAL(status_in(share_with(token_with({right::share, right::read}), shows)), 201);
  CAF_CHECK_EQUAL(status_in(share_with(token_with({right::share, right::upload}), takes)), 201);
  // Nor what is another user's.
  CAF_CHECK_EQUAL(status_in(share_with(signed_in("mia"), shows)), 404);
}

CAF_TEST(what cannot be shared so is refused) {
  start_with_people();
  const auto id = photo();
  const auto files = json::array({id});
  CAF_CHECK_EQUAL(refused({{"allow", "look"}, {"files", files}}), 400);
  CAF_CHECK_EQUAL(refused({{"files", files}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}, {"files", json::array({"x"})}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}, {"folder", make_ulid()}}), 404);
  CAF_CHECK_EQUAL(refused({{"allow", "upload"}, {"files", files}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}, {"files", files}, {"originals", true}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}, {"files", files}, {"limits", {{"files", 1}}}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "upload"}, {"limits", {{"file", 1}}}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "upload"}, {"expires", "2030-01-31T12:00:00Z"}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "upload"}, {"expires_at", "2020-01-31T12:00:00Z"}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "upload"}, {"password", "short"}}), 400);
  CAF_CHECK_EQUAL(refused({{"allow", "view"}, {"files", json::array({make_ulid()})}}), 404);
  CAF_CHECK(items_of("/v1/shares", ada_all()).empty());
}

CAF_TEST(a share changes as its sharer says and as nobody else does) {
  start_with_people();
  const auto link = inbox();
  const auto target = "/v1/shares/" + link.id;
  const json change{{"name", "Send me"}, {"limits", {{"bytes", 9}, {"profiles", {"image"}}}}};
  const auto changed = ask_json("PATCH", target, change, ada_all());
  CAF_CHECK_EQUAL(changed.status, 200);
  const auto told = json::parse(changed.body);
  CAF_CHECK_EQUAL(told["name"], "Send me");
  CAF_CHECK_EQUAL(told["limits"]["bytes"], 9);
  CAF_CHECK_EQUAL(told["limits"]["profiles"], json::array({"image"}));
  CAF_CHECK_EQUAL(status_in(ask_json("PATCH", target, {{"allow", "view"}}, ada_all())), 409);
  const auto mias = token_of(mia, rights::all().to_bits());
  CAF_CHECK_EQUAL(status_in(ask_json("PATCH", target, change, mias)), 404);
  CAF_CHECK_EQUAL(status_at(target, mias), 404);
  CAF_CHECK_EQUAL(status_at(target, mias, "DELETE"), 404);
  CAF_CHECK_EQUAL(status_at(link.path + "/share"), 200);
}

CAF_TEST(guests hear measures and neither place nor camera unless originals are shared) {
  file_record file;
  file.id = make_ulid();
  file.media =
    R"({"width":4,"camera":"A 1","location":{"latitude":1},"taken_at":"2026","duration":2})";
  share_row share;
  const net::shares::shared_place place{"/s/key", {}};
  const auto plain = net::shares::file_json(share, place, file)["media"].dump();
  CAF_CHECK_EQUAL(plain, R"({"width":4,"duration":2})");
  share.allow = share_allow::download;
  share.originals = true;
  const auto all = net::shares::file_json(share, place, file)["media"];
  CAF_CHECK_EQUAL(all["camera"], "A 1");
}

CAF_TEST_FIXTURE_SCOPE_END()
