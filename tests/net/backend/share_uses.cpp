#define CAF_SUITE net_backend_share_uses

#include "net/backend/share_uses.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;

CAF_TEST(uses are written at most once a second and none is lost) {
  net::share_uses::clock::time_point now{};
  net::share_uses uses{[&] {
    return now;
  }};
  CAF_CHECK_EQUAL(uses.add("a"), 1U);
  CAF_CHECK_EQUAL(uses.add("a"), 0U);
  CAF_CHECK_EQUAL(uses.add("a"), 0U);
  CAF_CHECK_EQUAL(uses.waiting("a"), 2U);
  CAF_CHECK_EQUAL(uses.add("b"), 1U);
  now += net::share_uses::between_writes;
  CAF_CHECK_EQUAL(uses.add("a"), 3U);
  CAF_CHECK_EQUAL(uses.waiting("a"), 0U);
}
