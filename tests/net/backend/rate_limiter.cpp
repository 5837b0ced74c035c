#define CAF_SUITE net_backend_rate_limiter

#include "net/backend/rate_limiter.hpp"

#include "net/backend/neighbourhood.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::net;
using namespace std::chrono_literals;

namespace {

struct fixture {
  rate_limiter::clock::time_point now{1h};
  rate_limiter limits{2, 10, [this] {
                        return now;
                      }};

  int taken(const std::string& key, int wanted) {
    int count = 0;
    for (int i = 0; i < wanted; ++i)
      count += limits.take(key) == 0s ? 1 : 0;
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(rate_limiter_tests, fixture)

CAF_TEST(as many may come at once as the bucket holds and more must wait) {
  CAF_CHECK_EQUAL(taken("ann", 20), 10);
  const auto wait = limits.take("ann");
  CAF_CHECK(wait == 1s);
}

CAF_TEST(a bucket fills again with time and never beyond its size) {
  taken("ann", 10);
  now += 2s;
  CAF_CHECK_EQUAL(taken("ann", 20), 4);
  now += 24h;
  CAF_CHECK_EQUAL(taken("ann", 20), 10);
}

CAF_TEST(who keeps to the rate never waits) {
  for (int i = 0; i < 1'000; ++i) {
    CAF_REQUIRE_EQUAL(taken("ann", 1), 1);
    now += 500ms;
  }
}

CAF_TEST(what is told to wait for is enough) {
  rate_limiter slow{0.1, 1, [this] {
                      return now;
                    }};
  slow.take("ann");
  const auto wait = slow.take("ann");
  CAF_CHECK(wait == 10s);
  now += wait;
  const auto then = slow.take("ann");
  CAF_CHECK(then == 0s);
}

CAF_TEST(one who waits costs another nothing) {
  taken("ann", 20);
  CAF_CHECK_EQUAL(taken("bob", 20), 10);
}

CAF_TEST(buckets are bounded whoever comes) {
  for (std::size_t i = 0; i < 3 * rate_limiter::max_buckets; ++i)
    limits.take("address " + std::to_string(i));
  CAF_CHECK(limits.size() <= rate_limiter::max_buckets);
}

CAF_TEST(who is waiting is not forgotten for those who rested) {
  for (std::size_t i = 0; i + 1 < rate_limiter::max_buckets; ++i)
    limits.take("address " + std::to_string(i));
  taken("ann", 20);
  now += 1ms;
  limits.take("ann");
  limits.take("one more");
  limits.take("and another");
  CAF_CHECK_EQUAL(taken("ann", 5), 0);
}

CAF_TEST(of version 6 all addresses of a 64 are one) {
  CAF_CHECK_EQUAL(neighbourhood_of("2001:db8::1"), neighbourhood_of("2001:db8::ffff:2"));
  CAF_CHECK(neighbourhood_of("2001:db8::1") != neighbourhood_of("2001:db8:0:1::1"));
  CAF_CHECK_EQUAL(neighbourhood_of("::ffff:192.0.2.7"), "192.0.2.7");
  CAF_CHECK_EQUAL(neighbourhood_of("192.0.2.7"), "192.0.2.7");
  CAF_CHECK_EQUAL(neighbourhood_of("unknown"), "unknown");
}

CAF_TEST_FIXTURE_SCOPE_END()
