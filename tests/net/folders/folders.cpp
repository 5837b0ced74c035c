#define CAF_SUITE net_folders

#include "net/folders/folders.hpp"

#include "tests/net/folders/folders_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using words = std::vector<std::string>;

CAF_TEST_FIXTURE_SCOPE(folders_tests, folders_fixture)

CAF_TEST(a folder is made by name in a parent) {
  const auto a = make({{"name", "2026"}}, by_mia);
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto year = json::parse(a.body);
  CAF_CHECK_EQUAL(a.field("location"), "/v1/folders/" + year["id"].get<std::string>());
  CAF_CHECK_EQUAL(year["name"], "2026");
  CAF_CHECK_EQUAL(year["path"], "2026");
  CAF_CHECK_EQUAL(year["user"], "mia");
  CAF_CHECK_EQUAL(year["right"], "own");
  CAF_CHECK(year["parent"].is_null());
  const auto below = make({{"name", "summer"}, {"parent", year["id"]}}, by_mia);
  CAF_REQUIRE_EQUAL(below.status, 201);
  const auto summer = json::parse(below.body);
  CAF_CHECK_EQUAL(summer["parent"], year["id"]);
  CAF_CHECK_EQUAL(summer["path"], "2026/summer");
  CAF_CHECK_EQUAL(folder_at(summer["id"], by_mia), summer);
}

CAF_TEST(a path is made as far as it is missing) {
  const auto first = make({{"path", "/2026/summer/"}}, by_mia);
  CAF_CHECK_EQUAL(first.status, 201);
  const auto again = make({{"path", "2026/SUMMER"}}, by_mia);
  CAF_CHECK_EQUAL(again.status, 200);
  CAF_CHECK_EQUAL(json::parse(again.body), json::parse(first.body));
  const auto year = json::parse(first.body)["parent"];
  const auto winter = make({{"path", "winter/snow"}, {"parent", year}}, by_mia);
  CAF_CHECK(json::parse(winter.body)["path"] == "2026/winter/snow");
}

CAF_TEST(a bad name is refused with a sentence or made a good one) {
  for (const auto* name : {"..", "", "a/b", "a\u0007b"}) {
    const auto a = make({{"name", name}}, by_mia);
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK(detail_of(a).starts_with("A name ") && detail_of(a).ends_with('.'));
  }
  const auto longest = make({{"name", std::string(241, 'x')}}, by_mia);
  CAF_CHECK_EQUAL(longest.status, 400);
  CAF_CHECK_EQUAL(detail_of(longest), "The name of a folder has at most 240 bytes.");
  CAF_CHECK_EQUAL(status_in(make({{"path", "a/../b"}}, by_mia)), 400);
  CAF_CHECK_EQUAL(status_in(make({{"path", "a//b"}}, by_mia)), 400);
  CAF_CHECK_EQUAL(status_in(make({{"name", "Summer"}}, by_mia)), 201);
  const auto taken = make({{"name", "sUMMER"}}, by_mia);
  CAF_CHECK_EQUAL(taken.status, 409);
  CAF_CHECK_EQUAL(detail_of(taken), "The name sUMMER is taken.");
  const auto unique = make({{"name", "sUMMER"}, {"unique", true}}, by_mia);
  CAF_CHECK_EQUAL(unique.status, 201);
  CAF_CHECK(json::parse(unique.body)["name"] == "sUMMER (2)");
  const auto cleaned = make({{"name", "a/\nb"}, {"unique", true}}, by_mia);
  CAF_CHECK(json::parse(cleaned.body)["name"] == "ab");
}

CAF_TEST(what cannot be asked is refused) {
  for (const json& wrong :
       {json::object(), json{{"name", "a"}, {"path", "a"}}, json{{"name", 7}},
        json{{"name", "a"}, {"unique", "yes"}}, json{{"path", "a"}, {"unique", true}},
        json{{"name", "a"}, {"colour", "red"}}})
    CAF_CHECK_EQUAL(status_in(make(wrong, by_mia)), 400);
  const auto folder_id = folder("a");
  CAF_CHECK_EQUAL(patched(folder_id, {{"path", "b"}, {"unique", true}}, by_mia), 400);
  for (const auto* query : {"?limit=0", "?limit=501", "?cursor=x", "?colour=red"})
    CAF_CHECK_EQUAL(status_for("GET", std::string{"/v1/folders"} + query, by_mia), 400);
}

CAF_TEST(the tree is listed in pages that stay right while folders come and go) {
  folder("a/b/c");
  folder("d");
  CAF_CHECK_EQUAL(paths_for(by_mia), (words{"a", "a/b", "a/b/c", "d"}));
  CAF_CHECK_EQUAL(paths_for(by_mia, "?parent=root"), (words{"a", "d"}));
  CAF_CHECK_EQUAL(paths_for(by_mia, "?parent=" + folder("a")), (words{"a/b"}));
  CAF_CHECK(paths_for(by_ada).empty());
  const auto page = json::parse(ask("GET", "/v1/folders?limit=2", "", by_mia).body);
  CAF_REQUIRE_EQUAL(page["items"].size(), 2U);
  const auto second = folder("a/b");
  CAF_CHECK_EQUAL(page["cursor"], second);
  CAF_REQUIRE_EQUAL(status_for("DELETE", "/v1/folders/" + second + "?recursive=1", by_mia), 204);
  folder("e");
  const auto rest =
    json::parse(ask("GET", "/v1/folders?limit=2&cursor=" + second, "", by_mia).body);
  CAF_REQUIRE_EQUAL(rest["items"].size(), 2U);
  CAF_CHECK_EQUAL(rest["items"][0]["path"], "d");
  CAF_CHECK_EQUAL(rest["items"][1]["path"], "e");
  CAF_CHECK(rest["cursor"].is_null());
}

CAF_TEST(a folder is renamed and moved with what is in it) {
  const auto a = folder("a");
  const auto b = folder("b");
  const auto file = sent_to(b, by_mia);
  CAF_CHECK_EQUAL(patched(b, {{"name", "c"}, {"parent", a}}, by_mia), 200);
  CAF_CHECK_EQUAL(path_of_file(file), "a/c");
  CAF_CHECK_EQUAL(patched(b, {{"name", "d"}}, by_mia), 200);
  CAF_CHECK_EQUAL(path_of_file(file), "a/d");
  CAF_CHECK_EQUAL(patched(b, {{"parent", nullptr}}, by_mia), 200);
  CAF_CHECK_EQUAL(path_of_file(file), "d");
  CAF_CHECK_EQUAL(patched(b, {{"name", "A"}}, by_mia), 409);
  CAF_CHECK_EQUAL(patched(b, {{"name", ".."}}, by_mia), 400);
  CAF_CHECK_EQUAL(patched(a, {{"parent", a}}, by_mia), 409);
}

CAF_TEST(a folder that is not empty goes only with all that is in it) {
  const auto a = folder("a");
  const auto b = folder("a/b");
  const auto file = sent_to(b, by_mia);
  const auto refused = ask("DELETE", "/v1/folders/" + a, "", by_mia);
  CAF_CHECK_EQUAL(refused.status, 409);
  CAF_CHECK_EQUAL(code_of(refused), "folder_not_empty");
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + file, by_mia), 200);
  CAF_CHECK_EQUAL(status_for("DELETE", "/v1/folders/" + a + "?recursive=1", by_mia), 204);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + file, by_mia), 404);
  for (const auto& id : {a, b})
    CAF_CHECK_EQUAL(status_for("GET", "/v1/folders/" + id, by_mia), 404);
  CAF_CHECK(!std::filesystem::exists(root() / "users/mia/originals/a"));
  const auto empty = folder("empty");
  CAF_CHECK_EQUAL(status_for("DELETE", "/v1/folders/" + empty, by_mia), 204);
}

CAF_TEST(nobody finds a folder of another user) {
  const auto hers = folder("hers");
  const auto in_it = folder("hers/below");
  const auto file = sent_to(hers, by_mia);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/folders/" + hers, by_ada), 404);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/folders?parent=" + hers, by_ada), 404);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files?folder=" + hers, by_ada), 404);
  CAF_CHECK_EQUAL(patched(in_it, {{"name", "x"}}, by_ada), 404);
  CAF_CHECK_EQUAL(status_for("DELETE", "/v1/folders/" + in_it, by_ada), 404);
  CAF_CHECK_EQUAL(status_in(make({{"name", "x"}, {"parent", hers}}, by_ada)), 404);
  const auto own = folder_of("own", by_ada);
  CAF_CHECK_EQUAL(patched(own, {{"parent", hers}}, by_ada), 404);
  CAF_CHECK_EQUAL(status_for("POST", "/v1/files?name=x&folder=" + hers, by_ada), 404);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + file, by_ada), 404);
}

CAF_TEST(files are listed by folder) {
  const auto a = folder("a");
  const auto in_a = sent_to(a, by_mia);
  const auto in_b = sent_to("a/b", by_mia);
  const auto top = sent("x=1", by_mia);
  CAF_CHECK_EQUAL(files_for(by_mia, "?folder=" + a), (words{in_a}));
  CAF_CHECK_EQUAL(files_for(by_mia, "?folder=root"), (words{top}));
  CAF_CHECK_EQUAL(files_for(by_mia), (words{top, in_b, in_a}));
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files?folder=x", by_mia), 400);
}

CAF_TEST_FIXTURE_SCOPE_END()
