#define CAF_SUITE actors_codec_turns

#include "actors/codec/turns.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace mediad;
using namespace std::chrono_literals;
using actors::turns;

namespace {

constexpr auto quantum = 1'000ms;

struct fixture {
  turns order{quantum};
  std::map<turns::ticket, turns::claim> all;

  turns::ticket add(const std::string& user, turns::cost cost,
                    turns::length lasts = turns::length::brief) {
    const turns::claim c{user, cost, lasts};
    const auto t = order.add(c);
    all[t] = c;
    return t;
  }

  void add_many(const std::string& user, turns::cost cost, int count) {
    for (int i = 0; i < count; ++i)
      add(user, cost);
  }

  std::string user_of_next(const turns::limits& may = {}) {
    const auto t = order.take(may);
    return t ? all.at(*t).user : "";
  }

  /// One letter for each job, in the order in which they run, one at a time.
  std::string run(int count) {
    std::string users;
    for (int i = 0; i < count; ++i) {
      const auto user = user_of_next();
      users += user;
      if (!user.empty())
        order.end(user, 0ms);
    }
    return users;
  }
};

/// What one user has had so far, and how many jobs of theirs wait.
struct served {
  turns::cost cost{0};
  std::size_t backlog = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(turns_tests, fixture)

CAF_TEST(one user has jobs done in their order) {
  const auto first = add("a", 5s);
  const auto second = add("a", 1ms);
  CAF_CHECK_EQUAL(order.take({}).value_or(0), first);
  CAF_CHECK_EQUAL(order.take({}).value_or(0), second);
  CAF_CHECK(!order.take({}));
}

CAF_TEST(what finishes a file goes before other jobs of its user) {
  add("a", 10ms);
  const auto archive = add("a", 10ms, turns::length::finishing);
  CAF_CHECK_EQUAL(order.take({}).value_or(0), archive);
}

CAF_TEST(a user who comes new has a turn at once) {
  add_many("a", 100ms, 1'000);
  CAF_CHECK_EQUAL(run(5), "aaaaa");
  add_many("b", 100ms, 2);
  CAF_CHECK_EQUAL(run(3), "bba");
}

CAF_TEST(users take turns in proportion to the cost of their jobs) {
  add_many("a", 100ms, 1'000);
  add_many("b", 300ms, 1'000);
  const auto users = run(400);
  const auto cost_of_a = 100 * std::count(users.begin(), users.end(), 'a');
  const auto cost_of_b = 300 * std::count(users.begin(), users.end(), 'b');
  CAF_CHECK_LESS(std::abs(cost_of_a - cost_of_b), 1'600);
}

CAF_TEST(a user with one huge job pays for it by waiting) {
  add("a", 10s);
  add("a", 10s);
  add_many("b", 1s, 100);
  CAF_CHECK_EQUAL(user_of_next(), "b");
  CAF_CHECK_EQUAL(user_of_next(), "a");
  for (int i = 0; i < 9; ++i)
    CAF_CHECK_EQUAL(user_of_next(), "b");
  const auto next_two = user_of_next() + user_of_next();
  CAF_CHECK(next_two.find('a') != std::string::npos);
}

CAF_TEST(no credit is saved up by having nothing to do) {
  add_many("a", 100ms, 1'000);
  add_many("b", 100ms, 1);
  run(500); // b's last job long ago: many rounds without one
  add_many("b", 100ms, 1'000);
  CAF_CHECK_EQUAL(run(11), "bbbbbbbbbba");
}

CAF_TEST(a user who sends one job after the other gets an equal share and no more) {
  add_many("a", 100ms, 10'000);
  int of_b = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (i % 2 == 0)
      add("b", 300ms);
    const auto user = user_of_next();
    of_b += user == "b" ? 1 : 0;
    order.end(user, 0ms);
  }
  CAF_CHECK_LESS(of_b * 300, (1'000 - of_b) * 100 + 1'600);
}

CAF_TEST(a user who has enough jobs running is left out until one ends) {
  add_many("a", 100ms, 3);
  const turns::limits one_each{true, 1};
  CAF_CHECK_EQUAL(user_of_next(one_each), "a");
  CAF_CHECK_EQUAL(user_of_next(one_each), "");
  add("b", 100ms);
  CAF_CHECK_EQUAL(user_of_next(one_each), "b");
  order.end("a", 0ms);
  CAF_CHECK_EQUAL(user_of_next(one_each), "a");
}

CAF_TEST(a lasting job does not begin while others last and short ones pass it) {
  add("a", 60s, turns::length::lasting);
  add("a", 100ms);
  const auto t = order.take({false, 9});
  CAF_REQUIRE(t);
  CAF_CHECK(all.at(*t).lasts == turns::length::brief);
  CAF_CHECK(!order.take({false, 9}));
  CAF_CHECK(order.take({true, 9}));
}

CAF_TEST(a short job of another user passes a long one until that user owes as much) {
  const auto encode = add("a", 60s, turns::length::lasting);
  CAF_REQUIRE_EQUAL(order.take({}).value_or(0), encode);
  CAF_CHECK(!order.is_passed("a", 60s));
  add("a", 100ms);
  CAF_CHECK(!order.is_passed("a", 60s)); // an own one does not
  add("b", 600ms);
  add("b", 600ms);
  add("b", 600ms);
  CAF_CHECK(order.is_passed("a", 60s));
  order.interrupt(encode, "a", 60s);
  CAF_CHECK_EQUAL(user_of_next({false, 9}), "b");
  order.end("b", 0ms);
  CAF_CHECK_EQUAL(user_of_next({false, 9}), "b");
  order.end("b", 0ms); // its turn is over
  CAF_CHECK_EQUAL(order.take({false, 9}).value_or(0), encode);
  CAF_CHECK(!order.is_passed("a", 60s)); // it goes on for a quantum
  CAF_CHECK(!order.is_passed("a", 60s - 999ms));
  CAF_CHECK(order.is_passed("a", 60s - 1'001ms));
}

CAF_TEST(a long job of another user passes none) {
  add("a", 60s, turns::length::lasting);
  order.take({});
  add("b", 60s, turns::length::lasting);
  CAF_CHECK(!order.is_passed("a", -60s));
}

CAF_TEST(what was dropped is not counted and has no turn) {
  const auto t = add("a", 100ms);
  add("a", 200ms);
  order.drop(t, "a");
  CAF_CHECK_EQUAL(order.waiting(), 1u);
  CAF_CHECK(order.take({}).value_or(0) != t);
  CAF_CHECK(!order.take({}));
}

CAF_TEST(debts are forgotten once nothing waits and nothing runs) {
  add("a", 60s);
  order.take({});
  order.end("a", 0ms);
  add_many("a", 100ms, 20);
  add_many("b", 100ms, 20);
  const auto users = run(20);
  CAF_CHECK_EQUAL(std::count(users.begin(), users.end(), 'a'), 10);
}

// Against the simple model of what is fair: of two users who both have jobs waiting all the while,
// none gets more than a quantum and two jobs more than the other, whatever comes and goes beside.
CAF_TEST(whatever is sent no user who waits falls behind another by more than a turn) {
  constexpr auto max_cost = 3'000;
  constexpr auto bound = quantum + 2 * turns::cost{max_cost};
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    turns mixed{quantum};
    std::map<turns::ticket, turns::claim> claims;
    std::map<std::string, served> users;
    std::map<std::string, turns::ticket> newest_taken;
    turns::cost begun_with_a{0};
    turns::cost begun_with_b{0};
    bool both = false;
    for (int step = 0; step < 400; ++step) {
      const std::string user{"abcde"[random() % 5]};
      if (random() % 3 != 0 || users["a"].backlog == 0 || users["b"].backlog == 0) {
        const turns::claim c{user, turns::cost{1 + random() % max_cost}, turns::length::brief};
        claims[mixed.add(c)] = c;
        ++users[user].backlog;
      }
      const auto t = random() % 2 == 0 ? mixed.take({}) : std::nullopt;
      if (t) {
        const auto& c = claims.at(*t);
        CAF_REQUIRE(newest_taken[c.user] < *t);
        newest_taken[c.user] = *t;
        users[c.user].cost += c.wanted;
        --users[c.user].backlog;
        mixed.end(c.user, 0ms);
      }
      const auto& a = users["a"];
      const auto& b = users["b"];
      if (!std::exchange(both, a.backlog > 0 && b.backlog > 0)) {
        begun_with_a = a.cost;
        begun_with_b = b.cost;
      } else if (both) {
        const auto ahead = (a.cost - begun_with_a) - (b.cost - begun_with_b);
        CAF_REQUIRE(ahead <= bound && ahead >= -bound);
      }
    }
    std::size_t waiting = 0;
    for (const auto& [name, user] : users)
      waiting += user.backlog;
    CAF_REQUIRE_EQUAL(mixed.waiting(), waiting);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
