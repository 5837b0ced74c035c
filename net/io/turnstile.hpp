#pragma once

#include "base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>

#include <cstddef>
#include <memory>

namespace mediad::net {

/// A FIFO semaphore for coroutines: at most `at_once` hold a pass; waiting ones cost little memory.
/// May be used from any I/O thread; outlives all coroutines that wait.
class turnstile {
public:
  /// @param at_once at least 1. @param io only stands in where a coroutine has no executor.
  turnstile(const boost::asio::any_io_executor& io, std::size_t at_once) : inside_{io, at_once} {}

  struct leave {
    void operator()(turnstile* t) const {
      t->inside_.try_receive([](boost::system::error_code) {});
    }
  };
  /// The holder drops it when done.
  using pass = std::unique_ptr<turnstile, leave>;

  /// @returns errc::cancelled if the coroutine is while it waits.
  boost::asio::awaitable<result<pass>> enter();

private:
  boost::asio::experimental::concurrent_channel<void(boost::system::error_code)> inside_;
};

} // namespace mediad::net
