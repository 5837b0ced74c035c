#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/io/pace.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

namespace mediad::net {

/// The body of one request, as it arrives. Nothing is read, and no client that waits for it is told
/// to go on (`Expect: 100-continue`), before the first read().
class body_reader {
public:
  /// @param limit  of a chunked body, in bytes; more is errc::too_large. A declared length is the
  ///               caller's to check, before anything is read.
  body_reader(exchange& x, std::uint64_t limit)
    : x_{x},
      limit_{limit},
      left_{x.body().length},
      pace_{x.options().min_body_rate, x.options().body_rate_window} {}

  /// @param f  called with all bytes that read() gives, in order; may be empty. What it refers to
  ///           must outlive the reader.
  void on_bytes(std::function<void(std::string_view)> f) {
    on_bytes_ = std::move(f);
  }

  /// @returns how many bytes of @p into were filled, 0 at the end of the body.
  ///          errc::bad_request if the body is malformed or breaks off, timeout if nothing comes
  ///          for options().body_timeout or too little for options().body_rate_window, too_large.
  ///          After an error the connection can only be closed.
  boost::asio::awaitable<result<std::size_t>> read(std::span<char> into);

  /// Waits until there is something to read(), so that no memory need be held for bytes that take
  /// their time.
  /// @param on_idle  called once if nothing comes for a second; must outlive the call.
  /// @returns the errors of read().
  boost::asio::awaitable<result<>> ready(const std::function<void()>& on_idle);

  /// The client stalled or is too slow, which is answered with 408; any other timeout is ours.
  bool timed_out() const {
    return timed_out_;
  }

private:
  boost::asio::awaitable<void> invite();
  bool has_more_at_hand() const;
  boost::asio::awaitable<boost::system::error_code> readable(std::chrono::milliseconds patience);
  boost::asio::awaitable<result<std::size_t>> read_plain(std::span<char> into);
  boost::asio::awaitable<result<std::size_t>> read_chunked(std::span<char> into);
  error lost(const boost::system::error_code& problem);

  exchange& x_;
  std::uint64_t limit_;
  std::uint64_t left_;     ///< Bytes of a declared length that have not been read.
  std::uint64_t read_ = 0; ///< Bytes of a chunked body that have been read.
  pace pace_;
  std::function<void(std::string_view)> on_bytes_;
  bool invited_ = false;
  bool timed_out_ = false;
};

} // namespace mediad::net
