#define CAF_SUITE net_backend_share_uses

#include "net/backend/share_uses.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace mediad;

namespace {

struct fixture {
  net::share_uses::clock::time_point now{std::chrono::hours{1}};
  net::share_uses uses{[this] {
    return now;
  }};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(share_uses_tests, fixture)

CAF_TEST(uses are written at most once a second and none is lost) {
  CAF_CHECK_EQUAL(uses.add("a"), 1U);
  CAF_CHECK_EQUAL(uses.add("a"), 0U);
  CAF_CHECK_EQUAL(uses.add("a"), 0U);
  CAF_CHECK_EQUAL(uses.waiting("a"), 2U);
  CAF_CHECK_EQUAL(uses.add("b"), 1U);
  now += net::share_uses::between_writes;
  CAF_CHECK_EQUAL(uses.add("a"), 3U);
  CAF_CHECK_EQUAL(uses.waiting("a"), 0U);
}

CAF_TEST(what waits is written without another use and then the share is forgotten) {
  uses.add("a");
  uses.add("a");
  CAF_CHECK(uses.take_due().empty());
  now += net::share_uses::between_writes;
  const auto due = uses.take_due();
  CAF_REQUIRE_EQUAL(due.size(), 1U);
  CAF_CHECK_EQUAL(due.front().first, "a");
  CAF_CHECK_EQUAL(due.front().second, 1U);
  CAF_CHECK_EQUAL(uses.size(), 1U);
  now += net::share_uses::between_writes;
  CAF_CHECK(uses.take_due().empty());
  CAF_CHECK_EQUAL(uses.size(), 0U);
}

CAF_TEST(at the end nothing waits) {
  uses.add("a");
  uses.add("a");
  CAF_CHECK_EQUAL(uses.take_due(true).size(), 1U);
  CAF_CHECK_EQUAL(uses.waiting("a"), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
