#define CAF_SUITE net_people_leaving

#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct leaving_fixture : people_fixture {
  http_answer remove(const std::string& page, const std::string& id, const std::string& query) {
    return ask("DELETE", "/v1/users/" + id + query, "", page);
  }
  std::string upload(const std::string& page, const std::string& name, const std::string& bytes) {
    return json::parse(ask("POST", "/v1/files?name=" + name, bytes, page).body)["id"];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(leaving_tests, leaving_fixture)

CAF_TEST(a removal must say what becomes of the files) {
  start_with_people();
  const auto page = signed_in("ada");
  for (const auto* query : {"", "?files=", "?files=keep", "?files=hand-over",
                            "?files=hand-over&to=", "?files=hand-over&to=nobody",
                            "?files=delete&to=01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
    CAF_MESSAGE(query);
    const auto a = remove(page, mia, query);
    CAF_CHECK_EQUAL(a.status, 400);
  }
  CAF_CHECK_EQUAL(status_of(page, "/v1/users/" + mia), 200);
  CAF_CHECK_EQUAL(status_in(remove(page, make_ulid(), "?files=delete")), 404);
}

CAF_TEST(only an admin removes and only with a password given of late) {
  start_with_people();
  const auto bits = std::uint64_t{63};
  CAF_CHECK_EQUAL(status_in(remove("", mia, "?files=delete")), 401);
  CAF_CHECK_EQUAL(code_of(remove(signed_in("mia"), ada, "?files=delete")), "missing_right");
  CAF_CHECK_EQUAL(code_of(remove(token_of(ada, bits), mia, "?files=delete")), "session_needed");
  const auto old = session_of(ada, 1, now_ms() + 60'000);
  CAF_CHECK_EQUAL(code_of(remove(old, mia, "?files=delete")), "password_needed");
  CAF_CHECK_EQUAL(status_of(signed_in("ada"), "/v1/users/" + mia), 200);
}

CAF_TEST(a removed user and the files are gone at once) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto of_mia = signed_in("mia");
  const auto token = token_of(mia, 63);
  const auto id = upload(of_mia, "beach.txt", "sand");
  CAF_CHECK_EQUAL(status_in(remove(page, mia, "?files=delete")), 204);
  CAF_CHECK_EQUAL(status_of(of_mia), 401);
  CAF_CHECK_EQUAL(status_of(token), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 401);
  CAF_CHECK_EQUAL(status_of(page, "/v1/users/" + mia), 404);
  CAF_CHECK(ask("GET", "/v1/users", "", page).body.find(mia) == std::string::npos);
}

CAF_TEST(the heir has the files and the quota counts them) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto id = upload(signed_in("mia"), "beach.txt", "sand");
  CAF_CHECK_EQUAL(status_of(page, "/v1/files/" + id), 404);
  CAF_CHECK_EQUAL(status_in(remove(page, mia, "?files=hand-over&to=" + ada)), 204);
  const auto content = ask("GET", "/v1/files/" + id + "/content", "", page);
  CAF_CHECK_EQUAL(content.status, 200);
  CAF_CHECK_EQUAL(content.body, "sand");
  const auto session = json::parse(ask("GET", "/v1/session", "", page).body);
  CAF_CHECK_EQUAL(session["quota"]["used"], 4);
}

CAF_TEST(the last admin stays) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto a = remove(page, ada, "?files=hand-over&to=" + mia);
  CAF_CHECK_EQUAL(a.status, 409);
  CAF_CHECK_EQUAL(status_of(page), 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
