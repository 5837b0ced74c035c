#define CAF_SUITE net_backend_guesses

#include "net/backend/guesses.hpp"

#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace std::chrono_literals;
using mediad::net::guesses;

namespace {

struct fixture {
  guesses::clock::time_point now{1h};
  guesses all{[this] {
    return now;
  }};

  void be_wrong(int times, const std::string& name = "ann",
                const std::string& address = "192.0.2.1") {
    for (int i = 0; i < times; ++i)
      all.was_wrong(name, address);
  }
  long wait(const std::string& name = "ann", const std::string& address = "192.0.2.1") const {
    return static_cast<long>(all.wait_of(name, address).count());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(guesses_tests, fixture)

CAF_TEST(a few mistakes are free) {
  CAF_CHECK_EQUAL(wait(), 0);
  be_wrong(4);
  CAF_CHECK_EQUAL(wait(), 0);
  be_wrong(1);
  CAF_CHECK_EQUAL(wait(), 1);
}

CAF_TEST(each mistake doubles the wait up to a quarter of an hour) {
  be_wrong(5);
  long expected = 1;
  for (int i = 0; i < 9; ++i) {
    CAF_CHECK_EQUAL(wait(), expected);
    now += std::chrono::seconds{expected};
    CAF_CHECK_EQUAL(wait(), 0);
    be_wrong(1);
    expected *= 2;
  }
  CAF_CHECK_EQUAL(wait(), 512);
  be_wrong(1);
  CAF_CHECK_EQUAL(wait(), 900);
  be_wrong(1'000);
  CAF_CHECK_EQUAL(wait(), 900);
}

CAF_TEST(a wait is told in whole seconds and never too short) {
  be_wrong(7);
  now += 3'500ms;
  CAF_CHECK_EQUAL(wait(), 1);
  now += 499ms;
  CAF_CHECK_EQUAL(wait(), 1);
  now += 1ms;
  CAF_CHECK_EQUAL(wait(), 0);
}

CAF_TEST(who is right begins anew) {
  be_wrong(5);
  all.was_right("ann", "192.0.2.1");
  CAF_CHECK_EQUAL(wait(), 0);
  be_wrong(4);
  CAF_CHECK_EQUAL(wait(), 0);
}

CAF_TEST(who rests long enough begins anew) {
  be_wrong(20);
  now += 901s;
  be_wrong(1);
  CAF_CHECK_EQUAL(wait(), 0);
}

CAF_TEST(a name is not locked for other addresses and an address not for other names) {
  be_wrong(20);
  CAF_CHECK_EQUAL(wait("ann", "192.0.2.2"), 0);
  CAF_CHECK_EQUAL(wait("bob", "192.0.2.1"), 0);
  CAF_CHECK_EQUAL(wait(), 900);
}

CAF_TEST(all addresses of one network of IPv6 are one) {
  be_wrong(20, "ann", "2001:db8:1:2::1");
  CAF_CHECK_EQUAL(wait("ann", "2001:db8:1:2:ffff::9"), 900);
  CAF_CHECK_EQUAL(wait("ann", "2001:db8:1:3::1"), 0);
}

CAF_TEST(addresses of IPv4 in those of IPv6 are clients of their own) {
  be_wrong(20, "ann", "::ffff:192.0.2.1");
  CAF_CHECK_EQUAL(wait("ann", "::ffff:192.0.2.2"), 0);
  CAF_CHECK_EQUAL(wait("ann", "192.0.2.1"), 900);
}

CAF_TEST(a name is as long as it likes) {
  const std::string name(10'000, 'a');
  be_wrong(5, name, "no address");
  CAF_CHECK_EQUAL(wait(name, "no address"), 1);
}

CAF_TEST(those that rested longest are forgotten when there are too many) {
  be_wrong(20, "first");
  now += 1s;
  be_wrong(20, "second");
  for (std::size_t i = 0; i + 1 < guesses::max_pairs; ++i)
    all.was_wrong(std::to_string(i), "192.0.2.1");
  CAF_CHECK_EQUAL(wait("first"), 0);
  CAF_CHECK_EQUAL(wait("second"), 900);
}

CAF_TEST_FIXTURE_SCOPE_END()
