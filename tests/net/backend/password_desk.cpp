#define CAF_SUITE net_backend_password_desk

#include "net/backend/password_desk.hpp"

#include "base/password.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <string>
#include <thread>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
namespace asio = boost::asio;

namespace {

struct fixture {
  asio::io_context io;
  net::password_desk desk;
  std::vector<result<bool>> compared;
  std::vector<result<std::string>> hashes;
  std::vector<std::thread::id> threads; ///< Where those that asked went on.

  asio::awaitable<void> compare(std::string hash, std::string password) {
    auto done = co_await desk.is_right(std::move(hash), std::move(password));
    threads.push_back(std::this_thread::get_id());
    compared.push_back(std::move(done));
  }
  asio::awaitable<void> make_hash(std::string password) {
    auto done = co_await desk.hash(std::move(password));
    threads.push_back(std::this_thread::get_id());
    hashes.push_back(std::move(done));
  }
  void ask(const std::string& hash, const std::string& password) {
    asio::co_spawn(io, compare(hash, password), asio::detached);
  }
  void settle() {
    io.restart();
    io.run();
  }
  std::size_t refused() const {
    std::size_t count = 0;
    for (const auto& one : compared)
      if (!one && one.error().code == errc::busy)
        ++count;
    return count;
  }
};

constexpr std::size_t room = net::password_desk::at_once + net::password_desk::max_waiting;

} // namespace

CAF_TEST_FIXTURE_SCOPE(password_desk_tests, fixture)

CAF_TEST(a password is hashed and compared and who asked goes on where it was) {
  asio::co_spawn(io, make_hash("salty-waves!"), asio::detached);
  settle();
  CAF_REQUIRE_EQUAL(hashes.size(), 1U);
  const auto hash = hashes.front().value();
  CAF_CHECK(is_password_right(hash, "salty-waves!"));
  ask(hash, "salty-waves!");
  settle();
  ask(hash, "salty-waves?");
  settle();
  CAF_REQUIRE_EQUAL(compared.size(), 2U);
  CAF_CHECK(compared.at(0).value());
  CAF_CHECK(!compared.at(1).value());
  for (const auto& thread : threads)
    CAF_CHECK(thread == std::this_thread::get_id());
}

CAF_TEST(a password that nobody may have is not hashed) {
  asio::co_spawn(io, make_hash("short"), asio::detached);
  settle();
  CAF_REQUIRE_EQUAL(hashes.size(), 1U);
  CAF_CHECK(!hashes.front() && hashes.front().error().code == errc::bad_request);
}

CAF_TEST(two and thirty two more may come and the next is told to come later) {
  // What is no hash is soon compared; yet all ask before the first hears of it.
  for (std::size_t i = 0; i < room + 6; ++i)
    ask("no hash", "salty-waves!");
  settle();
  CAF_CHECK_EQUAL(compared.size(), room + 6);
  CAF_CHECK_EQUAL(refused(), 6U);
}

CAF_TEST(those that have gone make room) {
  for (std::size_t i = 0; i < room; ++i)
    ask("no hash", "salty-waves!");
  settle();
  CAF_CHECK_EQUAL(refused(), 0U);
  for (std::size_t i = 0; i < room + 1; ++i)
    ask("no hash", "salty-waves!");
  settle();
  CAF_CHECK_EQUAL(refused(), 1U);
}

CAF_TEST(who is refused a new password takes no place) {
  for (std::size_t i = 0; i < room; ++i)
    asio::co_spawn(io, make_hash("short"), asio::detached);
  ask("no hash", "salty-waves!");
  settle();
  CAF_CHECK_EQUAL(refused(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
