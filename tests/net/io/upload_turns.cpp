#define CAF_SUITE net_io_upload_turns

#include "net/io/upload_turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace std::chrono_literals;
using net::upload_turns;

namespace {

using asked = std::future<result<upload_turns::turn>>;

struct fixture {
  boost::asio::io_context io;
  upload_turns turns;

  asked take(const std::string& id, std::chrono::milliseconds patience = 10s) {
    return boost::asio::co_spawn(io, turns.take(id, patience), boost::asio::use_future);
  }

  /// Everything that can happen now.
  void settle() {
    io.restart();
    io.poll();
  }

  static bool is_answered(const asked& a) {
    return a.wait_for(0s) == std::future_status::ready;
  }

  upload_turns::turn taken(const std::string& id) {
    auto a = take(id);
    settle();
    return a.get().value();
  }

  static errc refusal(asked& a) {
    const auto got = a.get();
    return got ? errc::internal : got.error().code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(upload_turns_tests, fixture)

CAF_TEST(uploads do not wait for each other) {
  const auto a = taken("a");
  const auto b = taken("b");
  CAF_CHECK(!a->taken_over.raised());
  CAF_CHECK(!b->taken_over.raised());
}

CAF_TEST(a newer request is let in only when the older one has let go) {
  auto first = taken("a");
  auto second = take("a");
  settle();
  CAF_CHECK(first->taken_over.raised());
  CAF_CHECK(!is_answered(second));
  first = nullptr;
  settle();
  CAF_REQUIRE(is_answered(second));
  CAF_CHECK(second.get());
}

CAF_TEST(whoever still writes keeps the turn) {
  auto first = taken("a");
  const auto writes = first;
  auto second = take("a");
  first = nullptr;
  settle();
  CAF_CHECK(!is_answered(second));
}

CAF_TEST(the newest of those who wait comes next) {
  auto first = taken("a");
  auto second = take("a");
  settle();
  auto third = take("a");
  settle();
  CAF_REQUIRE(is_answered(second));
  CAF_CHECK(refusal(second) == errc::busy);
  first = nullptr;
  settle();
  CAF_CHECK(is_answered(third));
}

CAF_TEST(patience ends) {
  const auto first = taken("a");
  auto second = take("a", 20ms);
  io.restart();
  io.run();
  CAF_REQUIRE(is_answered(second));
  CAF_CHECK(refusal(second) == errc::busy);
}

CAF_TEST(a turn that was granted too late goes on to the next) {
  auto first = taken("a");
  {
    auto given_up = take("a", 1ms);
    io.restart();
    io.run();
    CAF_CHECK(refusal(given_up) == errc::busy);
  }
  first = nullptr;
  CAF_CHECK(taken("a"));
}

CAF_TEST_FIXTURE_SCOPE_END()
