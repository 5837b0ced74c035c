#define CAF_SUITE net_shares_guests

#include "net/backend/guesses.hpp"
#include "tests/net/shares/shares_fixture.hpp"
#include "tests/net/support/eventually.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(guests_tests, shares_fixture)

CAF_TEST(guests who may look get previews and renditions and nothing else) {
  start_with_people();
  const auto id = photo();
  const auto other = photo("other.jpg", "sea");
  const auto path = showing("view", {id}).path;
  const auto told = json_at(path + "/share");
  CAF_CHECK_EQUAL(told["allow"], "view");
  CAF_CHECK(!told.contains("user"));
  const auto files = json_at(path + "/files")["files"];
  CAF_REQUIRE_EQUAL(files.size(), 1U);
  const auto& file = files[0];
  CAF_CHECK_EQUAL(file["id"], id);
  CAF_CHECK(file["content"].is_null());
  CAF_CHECK(file["archive"].is_null());
  CAF_CHECK(!file.contains("sha256"));
  const auto preview = file["preview"]["url"].get<std::string>();
  CAF_CHECK_EQUAL(body_in(ask("GET", preview)), "sandpreview");
  const auto rendition = file["renditions"][0]["url"].get<std::string>();
  CAF_CHECK_EQUAL(body_in(ask("GET", rendition)), "sand640");
  CAF_CHECK_EQUAL(status_at(path + "/files/" + id + "/content"), 403);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + id + "/archive"), 403);
  const auto not_shared = path + "/files/" + other;
  for (const std::string what : {"", "/preview", "/renditions/w640.webp", "/content"})
    CAF_CHECK_EQUAL(status_at(not_shared + what), what == "/content" ? 403 : 404);
  CAF_CHECK_EQUAL(status_in(ask("POST", path + "/files?name=a.bin", "sand")), 403);
}

CAF_TEST(who downloads gets the largest rendition unless originals are shared) {
  start_with_people();
  const auto id = photo();
  const auto plain = showing("download", {id}).path + "/files/" + id;
  CAF_CHECK_EQUAL(body_in(ask("GET", plain + "/content")), "sand640");
  CAF_CHECK_EQUAL(status_at(plain + "/archive"), 403);
  const auto whole = showing("download", {id}, {{"originals", true}}).path + "/files/" + id;
  CAF_CHECK_EQUAL(body_in(ask("GET", whole + "/content")), "sand");
  CAF_CHECK_EQUAL(body_in(ask("GET", whole + "/archive")), "sandzip");
}

CAF_TEST(of a file that nothing was made of there is nothing to download without originals) {
  start_with_people();
  const auto id = scene::upload("local", "a.bin", "sand").id;
  const auto path = showing("download", {id}).path;
  CAF_CHECK_EQUAL(status_at(path + "/files/" + id + "/content"), 403);
  const auto files = json_at(path + "/files")["files"];
  CAF_CHECK(files[0]["content"].is_null());
}

CAF_TEST(whatever ends a share ends it alike) {
  start_with_people();
  const auto id = photo();
  const auto good = showing("view", {id});
  const auto refusal = ask("GET", "/s/" + make_ulid() + make_secret() + "/share");
  CAF_CHECK_EQUAL(refusal.status, 404);
  auto other_secret = good.path;
  other_secret.replace(other_secret.size() - 43, 43, make_secret());
  CAF_CHECK_EQUAL(body_in(ask("GET", other_secret + "/share")), refusal.body);
  const auto taken_back = showing("view", {id});
  CAF_CHECK_EQUAL(status_at("/v1/shares/" + taken_back.id, ada_all(), "DELETE"), 204);
  CAF_CHECK_EQUAL(body_in(ask("GET", taken_back.path + "/share")), refusal.body);
  const auto expired = showing("view", {id});
  storage::share_change past{ada, expired.id};
  past.expires_at = now_ms() - 1;
  have_applied(past);
  CAF_CHECK_EQUAL(body_in(ask("GET", expired.path + "/files")), refusal.body);
  CAF_CHECK_EQUAL(status_at(good.path + "/share"), 200);
}

CAF_TEST(a share ends with the last of its files) {
  start_with_people();
  const auto first = photo();
  const auto second = photo("other.jpg", "sea");
  const auto path = showing("view", {first, second}).path;
  have_applied(storage::removal{first});
  const auto left = json_at(path + "/files")["files"].size();
  CAF_CHECK_EQUAL(left, 1U);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + first + "/preview"), 404);
  have_applied(storage::removal{second});
  CAF_CHECK_EQUAL(status_at(path + "/share"), 404);
  CAF_CHECK_EQUAL(status_at(path + "/files"), 404);
}

CAF_TEST(a share ends with its sharer and with the token that made it) {
  start_with_people();
  storage::new_share mias;
  mias.row.id = make_ulid();
  mias.row.user = mia;
  const auto secret = make_secret();
  mias.row.digest = digest_of_secret(secret);
  mias.row.allow = share_allow::upload;
  have_applied(mias);
  const auto path = "/s/" + mias.row.id + secret;
  CAF_CHECK_EQUAL(status_at(path + "/share"), 200);
  storage::user_change disabled{mia};
  disabled.disabled = true;
  have_applied(disabled);
  CAF_CHECK_EQUAL(status_at(path + "/share"), 404);
  const auto id = photo();
  const auto token = ada_all();
  const auto by_token =
    link_in(share_with(token, {{"allow", "view"}, {"files", json::array({id})}})).path;
  CAF_CHECK_EQUAL(status_at(by_token + "/share"), 200);
  have_applied(storage::credential_removal{ada, token.substr(token.find("mediad_") + 7, 26)});
  CAF_CHECK_EQUAL(status_at(by_token + "/share"), 404);
}

CAF_TEST(a password opens one share and no other) {
  start_with_people();
  const auto id = photo();
  const auto locked = showing("view", {id}, {{"password", "two red lighthouses"}}).path;
  const auto other = showing("view", {id}, {{"password", "two red lighthouses"}}).path;
  for (const auto* what : {"/share", "/files", "/files/x/preview"})
    CAF_CHECK_EQUAL(code_of(ask("GET", locked + what)), "share_password_needed");
  CAF_CHECK_EQUAL(status_at(locked), 200);
  const auto wrong = ask_json("POST", locked + "/password", {{"password", "three lighthouses"}});
  CAF_CHECK_EQUAL(code_of(wrong), "wrong_password");
  const auto right = ask_json("POST", locked + "/password", {{"password", "two red lighthouses"}});
  CAF_CHECK_EQUAL(right.status, 204);
  const auto cookie = right.field("set-cookie");
  for (const auto* part : {"HttpOnly", "SameSite=Strict"})
    CAF_CHECK(cookie.find(part) != std::string::npos);
  CAF_CHECK(cookie.find("Path=" + locked + ";") != std::string::npos);
  const auto page = fields_after(right);
  CAF_CHECK_EQUAL(status_at(locked + "/files", page), 200);
  CAF_CHECK_EQUAL(status_at(other + "/files", page), 403);
  auto forged = page;
  forged[forged.find("mediad-share=") + 13] = '9'; // a later end
  CAF_CHECK_EQUAL(status_at(locked + "/files", forged), 403);
}

CAF_TEST(who guesses the password of a share waits) {
  start_with_people();
  const auto path = inbox({{"password", "two red lighthouses"}}).path;
  int status = 0;
  for (std::size_t i = 0; i <= net::guesses::free_tries; ++i)
    status = status_in(ask_json("POST", path + "/password", {{"password", "something else"}}));
  CAF_CHECK_EQUAL(status, 429);
}

CAF_TEST(the key of a share is no credential and no credential is a key) {
  start_with_people();
  const auto id = photo();
  const auto link = showing("download", {id}, {{"originals", true}});
  const auto key = link.path.substr(3);
  CAF_CHECK_EQUAL(status_at("/v1/files", bearer(key)), 401);
  CAF_CHECK_EQUAL(status_at("/v1/files", bearer("mediad_" + key)), 401);
  const auto page = signed_in("ada");
  CAF_CHECK_EQUAL(status_at("/s/" + make_ulid() + make_secret() + "/files", page), 404);
  // A guest sees no more for being signed in.
  const auto looking = showing("view", {id}).path;
  CAF_CHECK_EQUAL(status_at(looking + "/files/" + id + "/content", page), 403);
}

CAF_TEST(openings are counted) {
  start_with_people();
  const auto link = inbox();
  for (int i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(status_at(link.path + "/share"), 200);
  // The first is being stored, which nobody waits for.
  const auto told = eventually([&] { return json_at("/v1/shares/" + link.id, ada_all()); },
                               [](const json& share) { return share.at("uses") == 3; });
  CAF_CHECK_EQUAL(told.at("uses"), 3);
}

CAF_TEST_FIXTURE_SCOPE_END()
