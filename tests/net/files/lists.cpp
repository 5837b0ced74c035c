#define CAF_SUITE net_files_lists

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : http_fixture {
  json get_json(const std::string& target) {
    const auto a = ask("GET", target);
    if (a.status != 200)
      throw std::runtime_error{target + ": " + a.body};
    return json::parse(a.body);
  }

  /// The names in a list, with a blank behind each.
  std::string names(const std::string& query) {
    std::string all;
    const auto page = get_json("/v1/files?" + query);
    for (const auto& one : page["files"])
      all.append(one["name"].get<std::string>()).append(" ");
    return all;
  }

  /// The names on all pages of a list.
  std::string paged_names(const std::string& query) {
    std::string all;
    std::string cursor;
    do {
      const auto page = get_json("/v1/files?limit=1&" + query + cursor);
      for (const auto& one : page["files"])
        all.append(one["name"].get<std::string>()).append(" ");
      cursor.clear();
      if (!page["cursor"].is_null())
        cursor = "&cursor=" + page["cursor"].get<std::string>();
    } while (!cursor.empty());
    return all;
  }

  std::string refusal(const std::string& query) {
    const auto a = ask("GET", "/v1/files?" + query);
    return std::to_string(a.status) + ' ' + json::parse(a.body)["detail"].get<std::string>();
  }

  void upload_three() {
    upload("b", "123");
    upload("a", "12");
    upload("C", "1");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lists_tests, fixture)

CAF_TEST(a list has the order that was asked for) {
  start();
  upload_three();
  CAF_CHECK_EQUAL(names(""), "C a b ");
  CAF_CHECK_EQUAL(names("sort=created&order=asc"), "b a C ");
  CAF_CHECK_EQUAL(names("sort=name"), "a b C ");
  CAF_CHECK_EQUAL(names("sort=name&order=desc"), "C b a ");
  CAF_CHECK_EQUAL(names("sort=size"), "b a C ");
  CAF_CHECK_EQUAL(names("sort=size&order=asc"), "C a b ");
  CAF_CHECK_EQUAL(names("sort=taken"), "C a b ");
  for (const auto* sort : {"created", "taken", "name", "size"})
    for (const auto* order : {"asc", "desc"}) {
      const auto query = std::string{"sort="} + sort + "&order=" + order;
      CAF_CHECK_EQUAL(paged_names(query), names(query));
    }
}

CAF_TEST(a list says how many files there are and whether it looked through some) {
  start();
  upload_three();
  const auto all = get_json("/v1/files?limit=1");
  CAF_CHECK_EQUAL(all["total"].get<int>(), 3);
  CAF_CHECK(all["scanned"].is_null());
  const auto some = get_json("/v1/files?status=registered&profile=other");
  CAF_CHECK_EQUAL(some["total"].get<int>(), 0);
  CAF_CHECK(some["scanned"].is_number());
  CAF_CHECK_EQUAL(get_json("/v1/files?tag=none")["total"].get<int>(), 0);
}

CAF_TEST(a list has the files of some days) {
  start();
  upload_three();
  const auto day = get_json("/v1/files")["files"][0]["created_at"].get<std::string>().substr(0, 10);
  CAF_CHECK_EQUAL(names("from=" + day + "&to=" + day), "C a b ");
  CAF_CHECK_EQUAL(names("from=" + day + "T00:00:00Z&order=asc"), "b a C ");
  CAF_CHECK_EQUAL(names("to=2020-01-01"), "");
  CAF_CHECK_EQUAL(names("from=2100-01-01"), "");
  CAF_CHECK_EQUAL(names("from=" + day + "&sort=name"), "a b C ");
}

CAF_TEST(a list has the files of one folder) {
  start();
  upload_three();
  const auto folder = have_applied(storage::new_folder{user, "", "2026"}).id;
  CAF_CHECK_EQUAL(names("folder=root"), "C a b ");
  CAF_CHECK_EQUAL(names("folder=" + folder), "");
  CAF_CHECK_EQUAL(ask("GET", "/v1/files?folder=01JD0000000000000000000000").status, 404);
}

CAF_TEST(a filter or an order that is none is refused by its name) {
  start();
  CAF_CHECK_EQUAL(refusal("sort=date"),
                  "400 The parameter `sort` must be taken, created, name or size.");
  CAF_CHECK_EQUAL(refusal("order=up"), "400 The parameter `order` must be asc or desc.");
  CAF_CHECK_EQUAL(refusal("favourite=yes"), "400 The parameter `favourite` must be true or false.");
  CAF_CHECK_EQUAL(refusal("tag="), "400 The parameter `tag` must be a tag.");
  CAF_CHECK_EQUAL(refusal("folder=2026"),
                  "400 The parameter `folder` must be the id of a folder, or root.");
  CAF_CHECK_EQUAL(refusal("from=yesterday"), "400 The parameter `from` must be a time, as "
                                             "2026-11-29T12:00:00Z, or a day, as 2026-11-29.");
  CAF_CHECK_EQUAL(refusal("to=2026-02-30"), "400 The parameter `to` must be a time, as "
                                            "2026-11-29T12:00:00Z, or a day, as 2026-11-29.");
  CAF_CHECK_EQUAL(refusal("sort=name&cursor=01JD0000000000000000000000"),
                  "400 The parameter `cursor` must be one that this server gave.");
}

CAF_TEST(files of somebody else are in no list) {
  start();
  upload_three();
  have_applied(storage::new_upload{id_of("bob"), "secret"});
  for (const auto* sort : {"created", "taken", "name", "size"})
    CAF_CHECK_EQUAL(names(std::string{"status=receiving&sort="} + sort), "");
}

CAF_TEST(the timeline has the month of each file and a grid its columns) {
  start();
  upload_three();
  const auto months = get_json("/v1/timeline")["items"];
  CAF_REQUIRE_EQUAL(months.size(), 1u);
  CAF_CHECK_EQUAL(months[0]["files"].get<int>(), 3);
  const auto name = months[0]["month"].get<std::string>();
  const auto month = get_json("/v1/timeline/" + name);
  for (const auto* column : {"id", "ratio", "thumbhash", "kind", "duration", "folder"})
    CAF_CHECK_EQUAL(month[column].size(), 3u);
  CAF_CHECK_EQUAL(month["kind"][0].get<std::string>(), "image");
  CAF_CHECK(month["cursor"].is_null());
  CAF_CHECK(get_json("/v1/timeline/1999-12")["id"].empty());
  CAF_CHECK_EQUAL(ask("GET", "/v1/timeline/1999-13").status, 404);
  CAF_CHECK_EQUAL(ask("GET", "/v1/timeline/1999-12?cursor=x").status, 400);
  CAF_CHECK_EQUAL(ask("GET", "/v1/timeline?limit=1").status, 400);
}

CAF_TEST(there are no tags where no file has one) {
  start();
  upload_three();
  const auto tags = get_json("/v1/tags");
  CAF_CHECK(tags["items"].empty());
  CAF_CHECK(tags["cursor"].is_null());
  CAF_CHECK_EQUAL(ask("GET", "/v1/tags?limit=0").status, 400);
  CAF_CHECK_EQUAL(ask("GET", "/v1/tags?cursor=!").status, 400);
}

CAF_TEST_FIXTURE_SCOPE_END()
