#include "net/backend/password_desk.hpp"

#include "base/password.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace mediad::net {

namespace asio = boost::asio;

/// One of those at the desk or in the queue before it.
class password_desk::place {
public:
  explicit place(std::atomic<std::size_t>& here) : here_{here}, number_{++here} {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() {
    --here_;
  }
  bool is_too_far() const {
    return number_ > at_once + max_waiting;
  }

private:
  std::atomic<std::size_t>& here_;
  std::size_t number_;
};

namespace {

error too_long_a_queue() {
  return fail(errc::busy, "too many passwords wait to be compared");
}

asio::awaitable<bool> compare(std::string hash, std::string password) {
  co_return is_password_right(hash, password);
}

asio::awaitable<result<std::string>> make_hash(std::string password) {
  co_return hash_password(password);
}

} // namespace

asio::awaitable<result<bool>> password_desk::is_right(std::string hash, std::string password) {
  const place mine{here_};
  if (mine.is_too_far())
    co_return too_long_a_queue();
  auto work = compare(std::move(hash), std::move(password));
  co_return co_await asio::co_spawn(threads_, std::move(work), asio::use_awaitable);
}

asio::awaitable<result<std::string>> password_desk::hash(std::string password) {
  if (auto ok = check_new_password(password); !ok)
    co_return fail(ok.error());
  const place mine{here_};
  if (mine.is_too_far())
    co_return too_long_a_queue();
  auto work = make_hash(std::move(password));
  co_return co_await asio::co_spawn(threads_, std::move(work), asio::use_awaitable);
}

} // namespace mediad::net
