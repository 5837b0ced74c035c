#define CAF_SUITE net_folders_grants

#include "tests/net/folders/folders_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;
using words = std::vector<std::string>;

namespace {

/// Mia's folder `in`, which ada may see into by her leave.
struct grants_fixture : folders_fixture {
  static inline const std::string tus = "Tus-Resumable: 1.0.0\r\n";
  std::string top = folder("top");
  std::string in = folder("top/in");
  std::string below = folder("top/in/below");

  /// A list of one grant.
  static json one(const std::string& user, const std::string& word) {
    auto all = json::array();
    all.push_back({{"user", user}, {"right", word}});
    return all;
  }
  static json both(json all, const json& more) {
    all.push_back(more.front());
    return all;
  }
  http_answer grant(const json& all, const std::string& fields) {
    return ask_json("PUT", "/v1/folders/" + in + "/grants", all, fields);
  }
  void granted(const std::string& word) {
    const auto a = grant(one("ada", word), by_mia);
    if (a.status != 200)
      throw std::runtime_error{"a grant: " + std::to_string(a.status) + ' ' + a.body};
  }
  /// A file of mia's with all that is made of one.
  std::string file_in(const std::string& folder_id) {
    const auto id = sent_to(folder_id, by_mia);
    storage::transition begun;
    begun.id = id;
    have_applied(begun);
    have_applied(preview_of(id, id + "preview"));
    return have_applied(outcome_of(id, id)).record.id;
  }
  int by(const std::string& method, const std::string& target) {
    return status_for(method, target, by_ada);
  }
  /// The types and files of all events that ada hears, a line for each.
  std::string heard() {
    const event_filter hers{ada, {}};
    std::string all;
    for (const auto& e : reader().events_after(0, 1'000).value())
      if (hers.wants(e))
        all += e.type + ' ' + e.file_id + '\n';
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(grants_tests, grants_fixture)

CAF_TEST(the owner says who may do what and sees it) {
  const auto a = grant(one("ada", "add"), by_mia);
  CAF_CHECK_EQUAL(a.status, 200);
  const auto wanted = one("ada", "add");
  CAF_CHECK(json::parse(a.body)["grants"] == wanted);
  CAF_CHECK(folder_at(in, by_mia)["grants"] == wanted);
  CAF_CHECK(folder_at(below, by_mia)["grants"].empty());
  const auto seen = folder_at(in, by_ada);
  CAF_CHECK_EQUAL(seen["right"], "add");
  CAF_CHECK_EQUAL(seen["user"], "mia");
  CAF_CHECK(seen["grants"].is_null());
  CAF_CHECK_EQUAL(status_in(grant(json::array(), by_mia)), 200);
  CAF_CHECK_EQUAL(by("GET", "/v1/folders/" + in), 404);
  CAF_CHECK_EQUAL(status_in(grant(one(ada, "view"), by_mia)), 200);
}

CAF_TEST(what cannot be granted is refused) {
  const auto view = one("ada", "view");
  const auto twice = both(view, view);
  json without = view;
  without[0].erase("right");
  json odd = view;
  odd[0]["user"] = 7;
  for (const json& wrong : {json::object(), one("ada", "own"), one("nobody", "view"),
                            one("mia", "view"), json::array({"ada"}), twice, without, odd})
    CAF_CHECK_EQUAL(status_in(grant(wrong, by_mia)), 400);
  CAF_CHECK_EQUAL(status_in(grant(view, by_ada)), 404);
  granted("edit");
  CAF_CHECK_EQUAL(status_in(grant(json::array(), by_ada)), 404);
  const auto shares = token_of(mia, rights{right::share, right::read}.to_bits());
  CAF_CHECK_EQUAL(status_in(grant(view, shares)), 200);
  CAF_CHECK_EQUAL(status_in(grant(one("ada", "add"), shares)), 403);
  const auto old_session = session_of(mia, now_ms() - 16 * 60'000, 0);
  CAF_CHECK_EQUAL(code_of(grant(view, old_session)), "password_needed");
}

CAF_TEST(who may view sees the folder and all below it and nothing beside) {
  const auto inside = file_in(below);
  const auto beside = file_in(top);
  CAF_CHECK_EQUAL(by("GET", "/v1/files/" + inside), 404);
  granted("view");
  for (const auto* what :
       {"", "/content", "/preview", "/archive", "/renditions/w640.webp", "?wait=1"}) {
    CAF_MESSAGE(what);
    CAF_CHECK_EQUAL(by("GET", "/v1/files/" + inside + what), 200);
    CAF_CHECK_EQUAL(by("GET", "/v1/files/" + beside + what), 404);
  }
  CAF_CHECK_EQUAL(files_for(by_ada, "?folder=" + below), (words{inside}));
  CAF_CHECK_EQUAL(by("GET", "/v1/files?folder=" + top), 404);
  CAF_CHECK(files_for(by_ada).empty());
  CAF_CHECK_EQUAL(paths_for(by_ada), (words{"in", "in/below"}));
  CAF_CHECK_EQUAL(paths_for(by_ada, "?parent=root"), (words{"in"}));
  CAF_CHECK_EQUAL(paths_for(by_ada, "?parent=" + in), (words{"in/below"}));
  CAF_CHECK(folder_at(in, by_ada)["parent"].is_null());
  CAF_CHECK(folder_at(below, by_ada)["parent"] == in);
}

CAF_TEST(who may view changes nothing) {
  const auto inside = file_in(below);
  granted("view");
  CAF_CHECK_EQUAL(by("DELETE", "/v1/files/" + inside), 404);
  CAF_CHECK_EQUAL(by("POST", "/v1/files/" + inside + "/retry"), 404);
  CAF_CHECK_EQUAL(by("POST", "/v1/files?name=x&folder=" + below), 404);
  CAF_CHECK_EQUAL(status_in(ask("PUT", "/v1/folders/" + in + "/x", "sand", by_ada)), 404);
  CAF_CHECK_EQUAL(status_in(make({{"name", "x"}, {"parent", in}}, by_ada)), 404);
  CAF_CHECK_EQUAL(patched(below, {{"name", "x"}}, by_ada), 404);
  CAF_CHECK_EQUAL(by("DELETE", "/v1/folders/" + below + "?recursive=1"), 404);
  const json content{{"of", "content"}};
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/files/" + inside + "/sign", content, by_ada)),
                  404);
  const json share{{"allow", "view"}, {"files", {inside}}};
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/shares", share, by_ada)), 404);
  const json of_folder{{"allow", "view"}, {"folder", in}};
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/shares", of_folder, by_ada)), 404);
}

CAF_TEST(what is added belongs to the owner and counts for the owner) {
  granted("add");
  const auto before = reader().find_usage(mia).value().bytes;
  const auto id = sent_to(below, by_ada);
  CAF_CHECK_EQUAL(find(id).user, mia);
  CAF_CHECK_EQUAL(path_of_file(id), "top/in/below");
  CAF_CHECK(reader().find_usage(mia).value().bytes == before + 4);
  CAF_CHECK(reader().find_usage(ada).value().bytes == 0U);
  CAF_CHECK_EQUAL(by("GET", "/v1/files/" + id), 200);
  CAF_CHECK_EQUAL(by("DELETE", "/v1/files/" + id), 404);
  const auto put = ask("PUT", "/v1/folders/" + in + "/deep/x.txt", "sand", by_ada);
  CAF_CHECK_EQUAL(path_of_file(json::parse(put.body)["id"]), "top/in/deep");
  CAF_CHECK_EQUAL(status_in(make({{"name", "more"}, {"parent", in}}, by_ada)), 201);
  storage::user_change quota{mia};
  quota.quota = 1;
  have_applied(quota);
  CAF_CHECK_EQUAL(by("POST", "/v1/files?name=x&folder=" + in), 507);
}

CAF_TEST(an upload into the folder goes on by its sender alone) {
  granted("add");
  const auto begun =
    ask("POST", "/v1/files?folder=" + in, "", tus + "Upload-Length: 4\r\n" + by_ada);
  CAF_REQUIRE_EQUAL(begun.status, 201);
  const auto place = begun.field("location");
  const auto append = [&](const std::string& fields) {
    return ask("PATCH", place, "sand",
               tus + fields
                 + "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n")
      .status;
  };
  const auto dan = have_applied(account("dan", user_role::member)).id;
  const auto by_dan = token_of(dan, rights::all().to_bits());
  const auto all = both(one("ada", "add"), one("dan", "edit"));
  CAF_REQUIRE_EQUAL(status_in(grant(all, by_mia)), 200);
  CAF_CHECK_EQUAL(append(by_dan), 404);
  CAF_CHECK_EQUAL(append(by_ada), 204);
  CAF_CHECK_EQUAL(by("GET", place), 200);
  const auto given_up =
    ask("POST", "/v1/files?folder=" + in, "", tus + "Upload-Length: 4\r\n" + by_ada);
  CAF_CHECK_EQUAL(status_in(ask("DELETE", given_up.field("location"), "", tus + by_ada)), 204);
}

CAF_TEST(keys and parts are not taken for the folder of another) {
  granted("add");
  const auto keyed = "Idempotency-Key: k\r\n" + by_ada;
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=x&folder=" + in, "sand", keyed)), 400);
  const auto part = tus + "Upload-Length: 4\r\nUpload-Concat: partial\r\n" + by_ada;
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?folder=" + in, "", part)), 400);
  const auto form = "--x\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n" + in + "\r\n"
                    + form_of({{"a.bin", "sand"}}, "x");
  const auto type = "Content-Type: multipart/form-data; boundary=x\r\n";
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, type + keyed)), 400);
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, type + by_ada)), 201);
}

CAF_TEST(who may edit changes what is in the folder and not the folder itself) {
  const auto inside = file_in(below);
  granted("edit");
  CAF_CHECK_EQUAL(patched(in, {{"name", "x"}}, by_ada), 404);
  CAF_CHECK_EQUAL(by("DELETE", "/v1/folders/" + in + "?recursive=1"), 404);
  CAF_CHECK_EQUAL(patched(below, {{"parent", nullptr}}, by_ada), 404);
  CAF_CHECK_EQUAL(patched(below, {{"parent", top}}, by_ada), 404);
  CAF_CHECK_EQUAL(patched(below, {{"name", "renamed"}}, by_ada), 200);
  CAF_CHECK_EQUAL(path_of_file(inside), "top/in/renamed");
  CAF_CHECK_EQUAL(by("DELETE", "/v1/files/" + inside), 204);
  CAF_CHECK_EQUAL(by("DELETE", "/v1/folders/" + below), 204);
}

CAF_TEST(the strongest right counts of those in the folder and above it) {
  granted("view");
  const auto more = one("ada", "edit");
  const auto deep = ask_json("PUT", "/v1/folders/" + below + "/grants", more, by_mia);
  CAF_REQUIRE_EQUAL(deep.status, 200);
  CAF_CHECK(folder_at(in, by_ada)["right"] == "view");
  CAF_CHECK(folder_at(below, by_ada)["right"] == "edit");
  CAF_CHECK_EQUAL(paths_for(by_ada), (words{"in", "in/below"}));
  CAF_CHECK_EQUAL(by("DELETE", "/v1/folders/" + below), 404);
}

CAF_TEST(a token has no more than its scopes there and one for a folder nothing) {
  const auto inside = file_in(below);
  granted("edit");
  const auto reads = token_of(ada, rights{right::read}.to_bits());
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + inside, reads), 200);
  CAF_CHECK_EQUAL(status_for("DELETE", "/v1/files/" + inside, reads), 403);
  const auto sends = token_of(ada, rights{right::upload}.to_bits());
  const auto own = sent_to(in, sends);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + own, sends), 200);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + inside, sends), 404);
  folder_of("adas", by_ada);
  const auto made = make_token(signed_in("ada"), {"read"}, {{"folder", "adas"}});
  const auto bounded = bearer(json::parse(made.body)["token"]);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/files/" + inside, bounded), 404);
  CAF_CHECK_EQUAL(status_for("GET", "/v1/folders/" + in, bounded), 404);
  CAF_CHECK(paths_for(bounded).empty());
  CAF_CHECK_EQUAL(status_in(make_token(signed_in("ada"), {"read"}, {{"folder", in}})), 404);
}

CAF_TEST(a grant ends with its folder and with either user) {
  const auto inside = file_in(below);
  granted("view");
  storage::user_change disabled{mia};
  disabled.disabled = true;
  have_applied(disabled);
  CAF_CHECK_EQUAL(by("GET", "/v1/files/" + inside), 404);
  disabled.disabled = false;
  have_applied(disabled);
  CAF_CHECK_EQUAL(by("GET", "/v1/files/" + inside), 200);
  CAF_REQUIRE_EQUAL(status_for("DELETE", "/v1/folders/" + top + "?recursive=1", by_mia), 204);
  CAF_CHECK(reader().grants_to(ada).value().empty());
  const auto again = folder("again");
  const auto view = one("ada", "view");
  CAF_REQUIRE_EQUAL(status_in(ask_json("PUT", "/v1/folders/" + again + "/grants", view, by_mia)),
                    200);
  have_applied(storage::user_removal{mia, {}});
  CAF_CHECK_EQUAL(by("GET", "/v1/folders/" + again), 404);
  while (have_applied(storage::user_clearance{}).removed > 0) {
  }
  CAF_CHECK(reader().grants_to(ada).value().empty());
}

CAF_TEST(
  what a user was granted goes with the user and what one granted does not pass to the heir) {
  granted("view");
  const auto dan = have_applied(account("dan", user_role::member)).id;
  const auto all = both(one("ada", "view"), one("dan", "view"));
  CAF_REQUIRE_EQUAL(status_in(grant(all, by_mia)), 200);
  have_applied(storage::user_removal{dan, ada});
  CAF_CHECK_EQUAL(reader().grants_in(in).value().size(), 1U);
  const auto cid = have_applied(account("cid", user_role::member)).id;
  have_applied(storage::user_removal{mia, cid});
  CAF_CHECK(reader().grants_in(in).value().empty());
  CAF_CHECK_EQUAL(by("GET", "/v1/folders/" + in), 404);
}

CAF_TEST(those who see a folder hear of it and of its files) {
  const auto outside = file_in(top);
  granted("view");
  const auto inside = file_in(below);
  const auto all = heard();
  for (const auto& line : {"folder.updated " + in, "folder.created " + below,
                           "file.registered " + inside, "file.ready " + inside})
    CAF_CHECK(all.find(line + '\n') != std::string::npos);
  CAF_CHECK(all.find(top) == std::string::npos);
  CAF_CHECK(all.find(outside) == std::string::npos);
  CAF_REQUIRE_EQUAL(status_in(grant(json::array(), by_mia)), 200);
  CAF_CHECK(heard().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
