#define CAF_SUITE net_uploads_dates

#include "tests/net/support/http_fixture.hpp"

#include <array>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(upload_dates_tests, http_fixture)

CAF_TEST(a raw body has the date that its client says) {
  start();
  const std::string expected = "2026-11-30T16:04:05.000Z";
  const auto date_of = [this](const http_answer& a) {
    CAF_CHECK_EQUAL(a.status, 201);
    const auto record = json::parse(a.body);
    const auto again = json::parse(ask("GET", "/v1/files/" + record["id"].get<std::string>()).body);
    CAF_CHECK_EQUAL(record["modified_at"].dump(), again["modified_at"].dump());
    return record["modified_at"].is_null() ? "null" : record["modified_at"].get<std::string>();
  };
  CAF_CHECK_EQUAL(date_of(ask("POST", "/v1/files?modified=1796054645", "a")), expected);
  CAF_CHECK_EQUAL(date_of(ask("POST", "/v1/files?name=a", std::string(600'000, 'b'),
                              "Last-Modified: Mon, 30 Nov 2026 16:04:05 GMT\r\n")),
                  expected);
  CAF_CHECK_EQUAL(date_of(ask("POST", "/v1/files", "c",
                              "Content-Disposition: attachment; filename=c; "
                              "modification-date=\"Mon, 30 Nov 2026 17:04:05 +0100\"\r\n")),
                  expected);
  CAF_CHECK_EQUAL(date_of(ask("POST", "/v1/files?name=d", "d")), "null");
}

CAF_TEST(a date that is none is refused with the place where it stands) {
  start();
  for (const auto& [target, field, named] : std::vector<std::array<std::string, 3>>{
         {"?modified=yesterday", "", "`modified`"},
         {"?name=a", "Last-Modified: yesterday\r\n", "`Last-Modified`"},
         {"", "Content-Disposition: attachment; filename=a; modification-date=never\r\n",
          "`modification-date`"}}) {
    const auto a = ask("POST", "/v1/files" + target, "a", field);
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK(a.body.find(named) != std::string::npos);
  }
  CAF_CHECK_EQUAL(staged(), 0u);
  CAF_CHECK_EQUAL(listed(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
