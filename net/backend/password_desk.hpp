#pragma once

#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <string>

namespace mediad::net {

/// Hashes passwords on threads of its own, as each takes 64 MiB and a tenth of a second: two at
/// once, and some wait.
class password_desk {
public:
  static constexpr std::size_t at_once = 2;
  static constexpr std::size_t max_waiting = 32;

  /// @returns errc::busy if too many wait.
  boost::asio::awaitable<result<bool>> is_right(std::string hash, std::string password);
  /// The hash of a new password; errors of check_new_password, hash_password, and busy.
  boost::asio::awaitable<result<std::string>> hash(std::string password);

private:
  class place;
  boost::asio::thread_pool threads_{at_once};
  std::atomic<std::size_t> here_{0}; ///< Those whose turn it is, and those that wait.
};

} // namespace mediad::net
