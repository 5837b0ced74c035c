#define CAF_SUITE net_backend_live_callers

#include "net/backend/live_callers.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <thread>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::net;

namespace {

struct fixture {
  boost::asio::io_context io;
  live_callers all;
  std::string ended; ///< A letter for each request that was ended.

  std::function<void()> end(char letter) {
    return [this, letter] {
      ended += letter;
    };
  }
  static caller of(const std::string& user) {
    return {user, rights::all(), known_by::token, "credential of " + user};
  }
  void check_without(const std::string& user) {
    all.check([&](const caller& who) { return who.user != user; });
  }
  void settle() {
    io.restart();
    io.poll();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_callers_tests, fixture)

CAF_TEST(the requests end whose caller counts no more) {
  live_callers::request a{all, of("ann"), io.get_executor(), end('a')};
  live_callers::request b{all, of("bob"), io.get_executor(), end('b')};
  live_callers::request c{all, of("ann"), io.get_executor(), end('c')};
  check_without("nobody");
  settle();
  CAF_CHECK_EQUAL(ended, "");
  check_without("ann");
  CAF_CHECK_EQUAL(ended, "");
  settle();
  CAF_CHECK_EQUAL(ended, "ac");
}

CAF_TEST(all that is known of a caller is shown) {
  live_callers::request a{all, of("ann"), io.get_executor(), end('a')};
  std::string seen;
  all.check([&](const caller& who) {
    seen = who.user + ", " + who.credential + (who.by == known_by::token ? ", a token" : "");
    return true;
  });
  CAF_CHECK_EQUAL(seen, "ann, credential of ann, a token");
}

CAF_TEST(the last end that was set is the one) {
  live_callers::request a{all, of("ann"), io.get_executor(), end('a')};
  a.ends_by(end('b'));
  check_without("ann");
  settle();
  CAF_CHECK_EQUAL(ended, "b");
}

CAF_TEST(a request without an end goes on) {
  live_callers::request a{all, of("ann"), io.get_executor(), end('a')};
  a.ends_by({});
  check_without("ann");
  settle();
  CAF_CHECK_EQUAL(ended, "");
}

CAF_TEST(a request that is over is not ended) {
  std::optional<live_callers::request> a;
  a.emplace(all, of("ann"), io.get_executor(), end('a'));
  live_callers::request b{all, of("ann"), io.get_executor(), end('b')};
  check_without("ann");
  a.reset();
  settle();
  CAF_CHECK_EQUAL(ended, "b");
  check_without("ann");
  settle();
  CAF_CHECK_EQUAL(ended, "bb");
}

CAF_TEST(each end runs where its connection does) {
  boost::asio::io_context other;
  std::thread::id where;
  live_callers::request a{all, of("ann"), io.get_executor(), end('a')};
  live_callers::request b{all, of("ann"), other.get_executor(), [&] {
                            where = std::this_thread::get_id();
                          }};
  std::thread{[&] {
    check_without("ann");
  }}.join();
  settle();
  CAF_CHECK_EQUAL(ended, "a");
  CAF_CHECK(where == std::thread::id{});
  std::thread::id expected;
  std::thread{[&] {
    expected = std::this_thread::get_id();
    other.poll();
  }}.join();
  CAF_CHECK(where == expected);
}

CAF_TEST_FIXTURE_SCOPE_END()
