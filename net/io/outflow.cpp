#include "net/io/outflow.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <utility>

namespace mediad::net {
namespace {

namespace asio = boost::asio;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// One call may read this much from the disk while other connections of the thread wait.
constexpr std::uint64_t slice = std::uint64_t{1} << 20U;

bool would_block(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK;
}

struct pending_wait {
  pending_wait(const asio::any_io_executor& executor, std::chrono::milliseconds time)
    : limit{executor, time} {}

  asio::steady_timer limit;
  asio::cancellation_signal stop;
  bool ready = false;
};

} // namespace

outflow::outflow(asio::ip::tcp::socket& s, std::chrono::milliseconds no_progress)
  : socket_{s}, no_progress_{no_progress} {
  boost::system::error_code ignored; // a dead socket fails at the first send
  socket_.native_non_blocking(true, ignored);
}

asio::awaitable<bool> outflow::writable() {
  pollfd now{};
  now.fd = socket_.native_handle();
  now.events = POLLOUT;
  if (::poll(&now, 1, 0) == 1)
    co_return (now.revents & POLLOUT) != 0;
  // Asio's own deadlines do not reach native calls: the timer is what is waited for, and the socket
  // cuts it short. At the end only this wait is cancelled, not the socket: a WebSocket reads beside
  // it.
  auto wait = std::make_shared<pending_wait>(socket_.get_executor(), no_progress_);
  auto on_ready = [wait](boost::system::error_code failed) {
    wait->ready = !failed;
    wait->limit.cancel();
  };
  socket_.async_wait(asio::socket_base::wait_write,
                     asio::bind_cancellation_slot(wait->stop.slot(), std::move(on_ready)));
  const auto [cut_short] = co_await wait->limit.async_wait(as_tuple);
  if (!cut_short)
    wait->stop.emit(asio::cancellation_type::terminal);
  co_return wait->ready;
}

asio::awaitable<bool> outflow::send(std::string_view bytes, bool more) {
  const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0);
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (would_block(errno)) {
      if (!co_await writable())
        co_return false;
    } else if (errno != EINTR) {
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<bool> outflow::send_file(int fd, fields::byte_range range) {
  auto offset = static_cast<off_t>(range.first);
  while (range.size > 0) {
    const auto want = static_cast<std::size_t>(std::min(range.size, slice));
    const auto sent = ::sendfile(socket_.native_handle(), fd, &offset, want);
    if (sent > 0) {
      range.size -= static_cast<std::uint64_t>(sent);
      if (range.size > 0)
        co_await asio::post(socket_.get_executor(), asio::use_awaitable);
    } else if (sent == 0) {
      co_return false;
    } else if (would_block(errno)) {
      if (!co_await writable())
        co_return false;
    } else if (errno != EINTR) {
      co_return false;
    }
  }
  co_return true;
}

} // namespace mediad::net
