#define CAF_SUITE net_files_trash

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : http_fixture {
  std::string trashed(const std::string& name = "beach.jpg") {
    const auto id = upload(name, name)["id"].get<std::string>();
    if (ask("DELETE", "/v1/files/" + id).status != 204)
      throw std::runtime_error{"not deleted"};
    return id;
  }

  int status_of(const std::string& method, const std::string& target) {
    return ask(method, target).status;
  }

  std::size_t count(const std::string& query) {
    return json::parse(ask("GET", "/v1/files" + query).body)["files"].size();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trash_tests, fixture)

CAF_TEST(a deleted file is found in the trash alone) {
  start();
  const auto place = "/v1/files/" + trashed();
  CAF_CHECK_EQUAL(count(""), 0u);
  CAF_CHECK_EQUAL(count("?trash=1"), 1u);
  CAF_CHECK_EQUAL(count("?trash=1&profile=video"), 0u);
  for (const auto* what : {"", "/content"}) {
    CAF_CHECK_EQUAL(status_of("GET", place + what), 404);
    CAF_CHECK_EQUAL(status_of("GET", place + what + "?trash=1"), 200);
  }
  const auto record = json::parse(ask("GET", place + "?trash=1").body);
  CAF_CHECK(record["trashed_at"].is_string());
  CAF_CHECK_EQUAL(status_of("GET", place + "?trash=0"), 404);
  for (const auto* what : {"/cancel", "/retry", "/retry?trash=1", "/cancel?trash=1"})
    CAF_CHECK_EQUAL(status_of("POST", place + what), 404);
  CAF_CHECK_EQUAL(status_of("DELETE", place), 404);
}

CAF_TEST(a file comes back from the trash) {
  start();
  const auto id = trashed();
  const auto place = "/v1/files/" + id;
  const auto restored = ask("POST", place + "/restore");
  CAF_CHECK_EQUAL(restored.status, 200);
  CAF_CHECK(json::parse(restored.body)["trashed_at"].is_null());
  CAF_CHECK_EQUAL(ask("GET", place + "/content").body, "beach.jpg");
  CAF_CHECK_EQUAL(count("?trash=1"), 0u);
  CAF_CHECK_EQUAL(status_of("POST", place + "/restore"), 200);
  CAF_CHECK_EQUAL(status_of("POST", "/v1/files/01JD0000000000000000000000/restore"), 404);
}

CAF_TEST(a file is removed for good where that is asked for) {
  start();
  const auto id = trashed();
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/" + id + "?permanent=yes"), 400);
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/" + id + "?permanent=1"), 204);
  CAF_CHECK(!reader().find(id));
  const auto other = upload("a", "b")["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/" + other + "?permanent=1"), 204);
  CAF_CHECK(!reader().find(other));
}

CAF_TEST(an emptied trash is empty and leaves the others) {
  start();
  for (int i = 0; i < 70; ++i)
    trashed(std::to_string(i));
  upload("kept", "x");
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/trash"), 204);
  CAF_CHECK_EQUAL(count("?trash=1"), 0u);
  CAF_CHECK_EQUAL(count(""), 1u);
}

CAF_TEST(the trash of somebody else is not found) {
  start();
  const auto id = trashed();
  have_applied(storage::new_user{"bob"});
  stop();
  user = id_of("bob");
  who_asks = everybody_is(user);
  start();
  CAF_CHECK_EQUAL(status_of("GET", "/v1/files/" + id + "?trash=1"), 404);
  CAF_CHECK_EQUAL(status_of("POST", "/v1/files/" + id + "/restore"), 404);
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/files/" + id + "?permanent=1"), 404);
  CAF_CHECK_EQUAL(status_of("DELETE", "/v1/trash"), 204);
  CAF_CHECK(reader().find(id));
}

CAF_TEST_FIXTURE_SCOPE_END()
