#define CAF_SUITE net_folders_limits

#include "tests/net/folders/folders_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using words = std::vector<std::string>;

namespace {

/// Credentials of mia's that are for one folder: her `in`, beside her `out`.
struct limits_fixture : folders_fixture {
  std::string in = folder("in");
  std::string below = folder("in/below");
  std::string out = folder("out");
  std::string page = signed_in("mia");

  http_answer make_limited(const json& named, const words& scopes) {
    return make_token(page, scopes, {{"folder", named}});
  }
  /// What a program sends whose token is for the folder.
  std::string limited(const words& scopes = {"upload", "read", "write", "delete", "share"}) {
    const auto a = make_limited(in, scopes);
    if (a.status != 201)
      throw std::runtime_error{"a token: " + std::to_string(a.status) + ' ' + a.body};
    return bearer(json::parse(a.body)["token"]);
  }
  int status_at(const std::string& target, const std::string& fields,
                const std::string& method = "GET") {
    return ask(method, target, "", fields).status;
  }
  http_answer share(const json& body) {
    return ask_json("POST", "/v1/shares", body, by_mia);
  }
  /// The path of a new share.
  std::string shared(const json& body) {
    const auto a = share(body);
    if (a.status != 201)
      throw std::runtime_error{"a share: " + std::to_string(a.status) + ' ' + a.body};
    const auto url = json::parse(a.body)["url"].get<std::string>();
    return url.substr(url.find("/s/"));
  }
  json json_at(const std::string& target) {
    return json::parse(ask("GET", target).body);
  }
  std::string file_in(const std::string& folder_id) {
    return sent_to(folder_id, by_mia);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(limits_tests, limits_fixture)

CAF_TEST(a token for a folder says so and is made by id or by path) {
  const auto by_path = json::parse(make_limited("in/below", {"read"}).body);
  CAF_CHECK_EQUAL(by_path["folder"], below);
  CAF_CHECK(json::parse(make_token(page, {"read"}).body)["folder"].is_null());
  words told;
  for (const auto& one : items_of("/v1/tokens", page))
    if (one["folder"].is_string())
      told.push_back(one["folder"]);
  CAF_CHECK_EQUAL(told, (words{below}));
  CAF_CHECK_EQUAL(status_in(make_limited("nowhere", {"read"})), 404);
  CAF_CHECK_EQUAL(status_in(make_limited(folder_of("adas", by_ada), {"read"})), 404);
  CAF_CHECK_EQUAL(status_in(make_limited("a//b", {"read"})), 400);
  CAF_CHECK_EQUAL(status_in(make_limited(7, {"read"})), 400);
  const auto of_ada =
    ask_json("POST", "/v1/tokens", {{"name", "x"}, {"scopes", {"admin"}}, {"folder", "adas"}},
             signed_in("ada"));
  CAF_CHECK_EQUAL(of_ada.status, 400);
}

CAF_TEST(a token for a folder sees what is below and nothing else) {
  const auto token = limited();
  const auto inside = file_in(below);
  const auto outside = file_in(out);
  const auto top = sent("x=1", by_mia);
  CAF_CHECK_EQUAL(files_for(token), (words{inside}));
  CAF_CHECK_EQUAL(files_for(token, "?folder=root"), words{});
  CAF_CHECK_EQUAL(files_for(token, "?folder=" + below), (words{inside}));
  CAF_CHECK_EQUAL(status_at("/v1/files/" + inside + "/content", token), 200);
  for (const auto& id : {outside, top})
    for (const auto* what : {"", "/content", "/preview", "/archive", "/renditions/w640.webp"}) {
      const auto target = "/v1/files/" + id + what;
      CAF_CHECK_EQUAL(status_at(target, token), 404);
    }
  for (const auto& id : {outside, top}) {
    CAF_CHECK_EQUAL(status_at("/v1/files/" + id, token, "DELETE"), 404);
    CAF_CHECK_EQUAL(status_at("/v1/files/" + id + "/cancel", token, "POST"), 404);
    CAF_CHECK_EQUAL(status_at("/v1/files/" + id + "/retry", token, "POST"), 404);
    CAF_CHECK_EQUAL(
      status_in(ask_json("POST", "/v1/files/" + id + "/sign", {{"of", "content"}}, token)), 404);
    const json files_of{{"allow", "view"}, {"files", {id}}};
    CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/shares", files_of, token)), 404);
  }
  CAF_CHECK_EQUAL(status_at("/v1/files?folder=" + out, token), 404);
}

CAF_TEST(to a token its folder is the root) {
  const auto token = limited();
  CAF_CHECK_EQUAL(paths_for(token), (words{"below"}));
  CAF_CHECK_EQUAL(paths_for(token, "?parent=root"), (words{"below"}));
  CAF_CHECK(folder_at(in, token)["path"] == "");
  CAF_CHECK(folder_at(below, token)["parent"].is_null());
  CAF_CHECK_EQUAL(path_of_file(sent("x=1", token)), "in");
  CAF_CHECK_EQUAL(path_of_file(sent("folder=out", token)), "in/out");
  const auto by_put = ask("PUT", "/v1/folders/deep/x.txt", "sand", token);
  CAF_CHECK_EQUAL(path_of_file(json::parse(by_put.body)["id"]), "in/deep");
  CAF_CHECK_EQUAL(status_in(make({{"name", "new"}}, token)), 201);
  CAF_CHECK_EQUAL(paths_for(by_mia, "?parent=" + in),
                  (words{"in/below", "in/out", "in/deep", "in/new"}));
  const auto inner = folder("in/new");
  CAF_CHECK_EQUAL(patched(below, {{"parent", inner}}, token), 200);
  CAF_CHECK_EQUAL(patched(below, {{"parent", nullptr}}, token), 200);
  CAF_CHECK(folder_at(below, by_mia)["path"] == "in/below");
}

CAF_TEST(a token leaves the folder that it is for and those beside it alone) {
  const auto token = limited();
  for (const auto& id : {in, out}) {
    CAF_CHECK_EQUAL(patched(id, {{"name", "x"}}, token), 404);
    CAF_CHECK_EQUAL(status_at("/v1/folders/" + id + "?recursive=1", token, "DELETE"), 404);
  }
  CAF_CHECK_EQUAL(status_at("/v1/folders/" + out, token), 404);
  CAF_CHECK_EQUAL(patched(below, {{"parent", out}}, token), 404);
  CAF_CHECK_EQUAL(status_in(make({{"name", "x"}, {"parent", out}}, token)), 404);
  CAF_CHECK_EQUAL(status_at("/v1/files?name=x&folder=" + out, token, "POST"), 404);
  CAF_CHECK_EQUAL(status_in(ask("PUT", "/v1/folders/" + out + "/x", "sand", token)), 404);
  CAF_CHECK_EQUAL(paths_for(by_mia, "?parent=" + out), words{});
}

CAF_TEST(a token says what it may of files in its folder and puts none beyond it) {
  const auto token = limited();
  const auto inside = "/v1/files/" + file_in(below);
  const auto change = [&](const json& body) {
    return ask_json("PATCH", inside, body, token);
  };
  CAF_CHECK_EQUAL(change({{"name", "b.bin"}}).status, 200);
  CAF_CHECK_EQUAL(change({{"folder", out}}).status, 400);
  // Null is the root, which to the token is its folder.
  CAF_CHECK(json::parse(change({{"folder", nullptr}}).body)["folder"] == in);
  const auto outside = "/v1/files/" + file_in(out);
  CAF_CHECK_EQUAL(status_in(ask_json("PATCH", outside, {{"name", "b.bin"}}, token)), 404);
  const json many{{"ids", {inside.substr(10), outside.substr(10)}},
                  {"do", "patch"},
                  {"patch", {{"folder", out}}}};
  const auto outcomes = json::parse(ask_json("POST", "/v1/files/batch", many, token).body)["items"];
  CAF_CHECK_EQUAL(outcomes[0]["status"], 400);
  CAF_CHECK_EQUAL(outcomes[1]["status"], 404);
}

CAF_TEST(what is made of all files is not for a token for a folder) {
  const auto token = limited();
  const auto outside = file_in(out);
  CAF_REQUIRE_EQUAL(status_at("/v1/files/" + outside, by_mia, "DELETE"), 204);
  for (const auto* target : {"/v1/timeline", "/v1/timeline/2026-11", "/v1/tags"})
    CAF_CHECK_EQUAL(status_at(target, token), 403);
  CAF_CHECK_EQUAL(status_at("/v1/trash", token, "DELETE"), 403);
  CAF_CHECK_EQUAL(status_at("/v1/files?trash=1", token), 400);
  CAF_CHECK_EQUAL(status_at("/v1/files?trash=1&folder=" + out, token), 404);
  CAF_CHECK_EQUAL(status_at("/v1/files/" + outside + "/restore", token, "POST"), 404);
  CAF_CHECK_EQUAL(status_at("/v1/files/" + outside + "?trash=1", by_mia), 200);
}

CAF_TEST(a token ends with its folder) {
  const auto token = limited();
  CAF_REQUIRE_EQUAL(status_at("/v1/folders/" + in + "?recursive=1", by_mia, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_at("/v1/files", token), 401);
}

CAF_TEST(a token for a folder manages the shares that it made alone) {
  const auto token = limited();
  const auto hers = json::parse(share({{"allow", "upload"}}).body)["id"].get<std::string>();
  const auto made = ask_json("POST", "/v1/shares", {{"allow", "upload"}}, token);
  CAF_REQUIRE_EQUAL(made.status, 201);
  const auto own = json::parse(made.body);
  CAF_CHECK_EQUAL(own["folder"], in);
  CAF_REQUIRE_EQUAL(items_of("/v1/shares", token).size(), 1U);
  CAF_CHECK(items_of("/v1/shares", token)[0]["id"] == own["id"]);
  CAF_CHECK_EQUAL(items_of("/v1/shares", by_mia).size(), 2U);
  for (const auto* method : {"GET", "DELETE"})
    CAF_CHECK_EQUAL(status_at("/v1/shares/" + hers, token, method), 404);
}

CAF_TEST(what is sent by a ticket for a folder is filed there) {
  const auto made = ask_json("POST", "/v1/tickets", {{"folder", "in/below"}}, page);
  CAF_REQUIRE_EQUAL(made.status, 201);
  const auto holder = bearer(json::parse(made.body)["ticket"]);
  const auto id = sent("folder=out", holder);
  CAF_CHECK_EQUAL(path_of_file(id), "in/below");
  CAF_CHECK_EQUAL(status_at("/v1/files/" + id, holder), 200);
  const auto of_token = ask_json("POST", "/v1/tickets", json::object(), limited());
  const auto by_token = bearer(json::parse(of_token.body)["ticket"]);
  CAF_CHECK_EQUAL(path_of_file(sent("x=1", by_token)), "in");
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/tickets", {{"folder", "no"}}, page)), 404);
  const auto late = ask_json("POST", "/v1/tickets", {{"folder", out}}, page);
  CAF_REQUIRE_EQUAL(status_at("/v1/folders/" + out, by_mia, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_at("/v1/files?name=x", bearer(json::parse(late.body)["ticket"]), "POST"),
                  401);
}

CAF_TEST(the share of a folder shows what is in it now and below) {
  const auto path = shared({{"allow", "download"}, {"folder", in}, {"originals", true}});
  CAF_CHECK(json_at(path + "/files")["files"].empty());
  CAF_CHECK(json_at(path + "/share")["live"] == true);
  const auto first = file_in(in);
  const auto second = file_in(below);
  const auto outside = file_in(out);
  const auto files = json_at(path + "/files")["files"];
  CAF_REQUIRE_EQUAL(files.size(), 2U);
  CAF_CHECK_EQUAL(files[0]["id"], second);
  CAF_CHECK_EQUAL(files[0]["folder"], "below");
  CAF_CHECK_EQUAL(files[1]["folder"], "");
  CAF_CHECK_EQUAL(status_at(path + "/files/" + first + "/content", ""), 200);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + outside, ""), 404);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + outside + "/content", ""), 404);
  CAF_REQUIRE_EQUAL(patched(below, {{"parent", out}}, by_mia), 200);
  CAF_CHECK_EQUAL(status_at(path + "/files/" + second, ""), 404);
  CAF_REQUIRE_EQUAL(patched(below, {{"parent", in}, {"name", "b2"}}, by_mia), 200);
  CAF_CHECK(json_at(path + "/files/" + second)["folder"] == "b2");
  CAF_REQUIRE_EQUAL(status_at("/v1/folders/" + in + "?recursive=1", by_mia, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_at(path + "/share", ""), 404);
}

CAF_TEST(what guests send to the share of a folder is filed there) {
  const auto path = shared({{"allow", "upload"}, {"folder", "in/below"}});
  const auto a = ask("POST", path + "/files?name=x&folder=out", "sand", of_page);
  CAF_REQUIRE_EQUAL(a.status, 201);
  CAF_CHECK_EQUAL(path_of_file(json::parse(a.body)["id"]), "in/below");
  CAF_CHECK_EQUAL(status_at(path + "/files", ""), 403);
}

CAF_TEST(a share is of files or of one own folder) {
  const auto file = file_in(in);
  for (const json& wrong :
       {json{{"allow", "view"}}, json{{"allow", "view"}, {"files", {file}}, {"folder", in}},
        json{{"allow", "view"}, {"folder", 7}}, json{{"allow", "view"}, {"folder", "a//b"}}})
    CAF_CHECK_EQUAL(status_in(share(wrong)), 400);
  CAF_CHECK_EQUAL(status_in(share({{"allow", "view"}, {"folder", folder_of("x", by_ada)}})), 404);
  const auto made = json::parse(share({{"allow", "view"}, {"folder", in}}).body);
  CAF_CHECK_EQUAL(made["folder"], in);
  CAF_CHECK(made["files"].empty());
  const auto target = "/v1/shares/" + made["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_in(ask_json("PATCH", target, {{"folder", out}}, by_mia)), 400);
}

CAF_TEST_FIXTURE_SCOPE_END()
