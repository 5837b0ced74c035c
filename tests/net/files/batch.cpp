#define CAF_SUITE net_files_batch

#include "tests/net/support/http_fixture.hpp"

#include <map>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : http_fixture {
  std::vector<std::string> upload_some(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i)
      ids.push_back(upload(std::to_string(i), std::to_string(i))["id"].get<std::string>());
    return ids;
  }

  http_answer send(const json& body) {
    return ask("POST", "/v1/files/batch", body.dump(), "Content-Type: application/json\r\n");
  }

  /// The status of each file's outcome, in order.
  std::vector<int> statuses(const json& body) {
    const auto a = send(body);
    if (a.status != 200)
      throw std::runtime_error{a.body};
    std::vector<int> all;
    const auto told = json::parse(a.body);
    for (const auto& one : told["items"])
      all.push_back(one["status"].get<int>());
    return all;
  }

  std::string refusal(const json& body) {
    const auto a = send(body);
    return std::to_string(a.status) + ' ' + json::parse(a.body)["detail"].get<std::string>();
  }

  std::map<std::string, int> events_of(const std::string& type) {
    std::map<std::string, int> count;
    for (const auto& e : reader().events_after(0, 10'000).value())
      if (e.type == type)
        ++count[e.file_id];
    return count;
  }

  std::size_t count(const std::string& query) {
    return json::parse(ask("GET", "/v1/files" + query).body)["total"].get<std::size_t>();
  }
};

const std::string nobodys = "01JD0000000000000000000000";

} // namespace

CAF_TEST_FIXTURE_SCOPE(batch_tests, fixture)

CAF_TEST(each of many files is changed once and told once) {
  start();
  const auto ids = upload_some(40);
  const auto all = statuses({{"ids", ids}, {"do", "patch"}, {"patch", {{"tags", {"sea"}}}}});
  CAF_CHECK_EQUAL(all, std::vector<int>(40, 200));
  CAF_CHECK_EQUAL(count("?tag=sea"), 40u);
  const auto told = events_of("file.updated");
  CAF_CHECK_EQUAL(told.size(), 40u);
  for (const auto& [id, times] : told)
    CAF_CHECK_EQUAL(times, 1);
}

CAF_TEST(each file has an outcome of its own) {
  start();
  const auto ids = upload_some(3);
  const auto theirs = have_applied(storage::new_upload{id_of("bob"), "secret"}).record.id;
  const json body{{"ids", {ids[0], nobodys, ids[1], theirs, "x", ids[0]}}, {"do", "delete"}};
  CAF_CHECK_EQUAL(statuses(body), (std::vector<int>{200, 404, 200, 404, 404}));
  CAF_CHECK_EQUAL(count(""), 1u);
  CAF_CHECK_EQUAL(count("?trash=1"), 2u);
  const json back{{"ids", {ids[0], ids[2]}}, {"do", "restore"}};
  CAF_CHECK_EQUAL(statuses(back), (std::vector<int>{200, 200}));
  CAF_CHECK_EQUAL(count(""), 2u);
  const json again{{"ids", {ids[0]}}, {"do", "retry"}};
  CAF_CHECK_EQUAL(statuses(again), std::vector<int>{409});
}

CAF_TEST(files of one new name get numbers or are refused) {
  start();
  const auto ids = upload_some(3);
  const json refused{
    {"ids", ids}, {"do", "patch"}, {"patch", {{"name", "x.jpg"}, {"if_taken", "refuse"}}}};
  CAF_CHECK_EQUAL(statuses(refused), (std::vector<int>{200, 409, 409}));
  const json numbered{{"ids", ids}, {"do", "patch"}, {"patch", {{"name", "x.jpg"}}}};
  CAF_CHECK_EQUAL(statuses(numbered), (std::vector<int>{200, 200, 200}));
  CAF_CHECK(std::filesystem::exists(root() / "users/local/originals/x (3).jpg"));
}

CAF_TEST(a body that is wrong is refused as a whole) {
  start();
  const auto id = upload_some(1).front();
  const auto ids = "400 `ids` must be a list of 1 to 1,000 ids.";
  CAF_CHECK_EQUAL(refusal({{"do", "delete"}}), ids);
  CAF_CHECK_EQUAL(refusal({{"ids", json::array()}, {"do", "delete"}}), ids);
  CAF_CHECK_EQUAL(refusal({{"ids", {1}}, {"do", "delete"}}), ids);
  CAF_CHECK_EQUAL(refusal({{"ids", std::vector<std::string>(1'001, id)}, {"do", "delete"}}), ids);
  CAF_CHECK_EQUAL(refusal({{"ids", {id}}, {"do", "copy"}}),
                  "400 `do` must be `patch`, `delete`, `restore` or `retry`.");
  const auto patch = "400 `patch` must be an object where `do` is `patch`, and nowhere else.";
  CAF_CHECK_EQUAL(refusal({{"ids", {id}}, {"do", "patch"}}), patch);
  CAF_CHECK_EQUAL(refusal({{"ids", {id}}, {"do", "delete"}, {"patch", json::object()}}), patch);
  CAF_CHECK_EQUAL(refusal({{"ids", {id}}, {"do", "patch"}, {"patch", {{"x", 1}}}}),
                  "400 A file has no member `x` that can be changed.");
  CAF_CHECK_EQUAL(refusal({{"ids", {id}}, {"do", "delete"}, {"permanent", true}}),
                  "400 The body has the members `ids`, `do` and `patch`.");
  CAF_CHECK_EQUAL(count(""), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
