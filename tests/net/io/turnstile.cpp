#define CAF_SUITE net_io_turnstile

#include "net/io/turnstile.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <optional>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace std::chrono_literals;
using net::turnstile;

namespace {

using asked = std::future<result<turnstile::pass>>;

struct fixture {
  boost::asio::io_context io;
  turnstile for_two{io.get_executor(), 2};
  boost::asio::cancellation_signal stop;

  asked enter() {
    auto a = boost::asio::co_spawn(io, for_two.enter(), boost::asio::use_future);
    settle();
    return a;
  }
  asked enter_stoppable() {
    auto token = boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::use_future);
    auto a = boost::asio::co_spawn(io, for_two.enter(), std::move(token));
    settle();
    return a;
  }
  /// Everything that can happen now.
  void settle() {
    io.restart();
    io.poll();
  }
  static bool is_in(const asked& a) {
    return a.wait_for(0s) == std::future_status::ready;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(turnstile_tests, fixture)

CAF_TEST(so many go through and the next follow in their order) {
  std::optional first{enter().get().value()};
  const auto second = enter();
  const auto third = enter();
  const auto fourth = enter();
  CAF_CHECK(is_in(second));
  CAF_CHECK(!is_in(third));
  first.reset();
  settle();
  CAF_CHECK(is_in(third));
  CAF_CHECK(!is_in(fourth));
}

CAF_TEST(who is stopped while waiting takes no place) {
  std::optional first{enter().get().value()};
  const auto second = enter();
  auto stopped = enter_stoppable();
  const auto fourth = enter();
  stop.emit(boost::asio::cancellation_type::terminal);
  settle();
  const auto end = stopped.get();
  CAF_REQUIRE(!end);
  CAF_CHECK_EQUAL(end.error().code, errc::cancelled);
  CAF_CHECK(!is_in(fourth));
  first.reset();
  settle();
  CAF_CHECK(is_in(fourth));
}

CAF_TEST_FIXTURE_SCOPE_END()
