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
#include <unistd.h>
#include <utility>
#include <vector>

namespace mediad::net {
namespace {

namespace asio = boost::asio;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// One call may read this much from the disk while other connections of the thread wait.
constexpr std::uint64_t slice = std::uint64_t{1} << 20U;

constexpr std::uint64_t tls_buffer = std::uint64_t{64} << 10U; ///< Four records.

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

outflow::outflow(client_stream& s, std::chrono::milliseconds no_progress)
  : stream_{s}, no_progress_{no_progress} {
  boost::system::error_code ignored; // a dead socket fails at the first send
  stream_.socket().native_non_blocking(true, ignored);
}

asio::awaitable<bool> outflow::writable() {
  co_return co_await ready(true);
}

asio::awaitable<bool> outflow::ready(bool to_write) {
  auto& socket = stream_.socket();
  const short wanted = to_write ? POLLOUT : POLLIN;
  pollfd now{};
  now.fd = socket.native_handle();
  now.events = wanted;
  if (::poll(&now, 1, 0) == 1)
    co_return (now.revents & wanted) != 0;
  // Asio's own deadlines do not reach native calls: the timer is what is waited for, and the socket
  // cuts it short. At the end only this wait is cancelled, not the socket: a WebSocket reads beside
  // it.
  auto wait = std::make_shared<pending_wait>(socket.get_executor(), no_progress_);
  auto on_ready = [wait](boost::system::error_code failed) {
    wait->ready = !failed;
    wait->limit.cancel();
  };
  socket.async_wait(to_write ? asio::socket_base::wait_write : asio::socket_base::wait_read,
                    asio::bind_cancellation_slot(wait->stop.slot(), std::move(on_ready)));
  const auto [cut_short] = co_await wait->limit.async_wait(as_tuple);
  if (!cut_short)
    wait->stop.emit(asio::cancellation_type::terminal);
  co_return wait->ready;
}

asio::awaitable<bool> outflow::send(std::string_view bytes, bool more) {
  if (stream_.is_secure())
    co_return co_await send_in_tls(bytes);
  const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0);
  const int fd = stream_.socket().native_handle();
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), flags);
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
  if (stream_.is_secure())
    co_return co_await send_file_in_tls(fd, range);
  const int socket = stream_.socket().native_handle();
  auto offset = static_cast<off_t>(range.first);
  while (range.size > 0) {
    const auto want = static_cast<std::size_t>(std::min(range.size, slice));
    const auto sent = ::sendfile(socket, fd, &offset, want);
    if (sent > 0) {
      range.size -= static_cast<std::uint64_t>(sent);
      if (range.size > 0)
        co_await asio::post(stream_.get_executor(), asio::use_awaitable);
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

asio::awaitable<bool> outflow::send_in_tls(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto step = stream_.tls()->write(bytes);
    switch (step.how) {
    case tls_step::outcome::done: bytes.remove_prefix(step.bytes); break;
    case tls_step::outcome::wants_write:
    case tls_step::outcome::wants_read:
      if (!co_await ready(step.how == tls_step::outcome::wants_write))
        co_return false;
      break;
    case tls_step::outcome::ended:
    case tls_step::outcome::failed: co_return false;
    }
  }
  co_return true;
}

asio::awaitable<bool> outflow::send_file_in_tls(int fd, fields::byte_range range) {
  std::vector<char> buffer(std::min<std::uint64_t>(range.size, tls_buffer));
  auto offset = static_cast<off_t>(range.first);
  std::uint64_t since_turn = 0;
  while (range.size > 0) {
    const auto want = std::min<std::uint64_t>(range.size, buffer.size());
    const auto got = ::pread(fd, buffer.data(), want, offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      co_return false;
    const auto size = static_cast<std::size_t>(got);
    const std::string_view bytes{buffer.data(), size};
    if (!co_await send_in_tls(bytes))
      co_return false;
    offset += got;
    range.size -= size;
    since_turn += size;
    if (since_turn < slice || range.size == 0)
      continue;
    since_turn = 0;
    co_await asio::post(stream_.get_executor(), asio::use_awaitable);
  }
  co_return true;
}

} // namespace mediad::net
