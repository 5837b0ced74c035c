#define CAF_SUITE actors_uploads_time_left

#include "actors/uploads/time_left.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace std::chrono_literals;

namespace {

struct fixture {
  actors::time_left left;
  actors::time_left::time_point now{};

  std::int64_t after(std::chrono::milliseconds passed, stage at, double fraction) {
    now += passed;
    stage_progress p;
    p.now_at = at;
    p.fraction = fraction;
    return left.seconds(p, now).value_or(-1);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(time_left_tests, fixture)

CAF_TEST(nothing is said before a stage has run for a second) {
  CAF_CHECK_EQUAL(after(0ms, stage::compress, 0.1), -1);
  CAF_CHECK_EQUAL(after(900ms, stage::compress, 0.2), -1);
}

CAF_TEST(the rest takes as long as what was done at the same speed) {
  static_cast<void>(after(0ms, stage::compress, 0.1));
  CAF_CHECK_EQUAL(after(10s, stage::compress, 0.3), 35);
  CAF_CHECK_EQUAL(after(10s, stage::compress, 0.5), 25);
}

CAF_TEST(a slow stage before says nothing of the next one) {
  static_cast<void>(after(0ms, stage::screenshots, 0));
  static_cast<void>(after(60s, stage::screenshots, 0.1));
  CAF_CHECK_EQUAL(after(0ms, stage::compress, 0.1), -1);
  CAF_CHECK_EQUAL(after(2s, stage::compress, 0.3), 7);
}

CAF_TEST(a new attempt is measured anew) {
  static_cast<void>(after(0ms, stage::compress, 0.1));
  static_cast<void>(after(10s, stage::compress, 0.3));
  CAF_CHECK_EQUAL(after(0ms, stage::compress, 0), -1);
  CAF_CHECK_EQUAL(after(4s, stage::compress, 0.5), 4);
}

CAF_TEST(a stage that stands still has no end in sight) {
  static_cast<void>(after(0ms, stage::compress, 0.5));
  CAF_CHECK_EQUAL(after(100s, stage::compress, 0.5), -1);
}

CAF_TEST_FIXTURE_SCOPE_END()
