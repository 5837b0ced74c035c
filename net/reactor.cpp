#include "net/reactor.hpp"

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/io/shared_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <list>
#include <optional>
#include <sys/socket.h>
#include <thread>

namespace mediad::net {

namespace {

using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds accept_pause{50};
constexpr int backlog = 1024;
/// Beyond the header limit: what came behind a head in the same read.
constexpr std::size_t read_ahead_bytes = std::size_t{64} << 10U;

struct connection {
  connection(services& shared, stop_signal& stopping, tcp::socket socket)
    : line{beast::tcp_stream{std::move(socket)},
           beast::flat_buffer{shared.options.max_header_bytes + read_ahead_bytes}, shared,
           stopping} {}
  wire line;
  asio::cancellation_signal cut;
};

/// Lets several sockets listen on one port; the kernel shares connections out among them.
bool share_port(tcp::acceptor& a) {
  const int on = 1;
  return ::setsockopt(a.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
}

result<> open(tcp::acceptor& a, const tcp::endpoint& address, bool first) {
  beast::error_code problem;
  a.open(address.protocol(), problem);
  if (!problem)
    a.set_option(asio::socket_base::reuse_address{true}, problem);
  // The first binds alone, so that a port in use is noticed: with the option set it would silently
  // share the port with another server of the same user.
  bool shared = first || share_port(a);
  if (!problem)
    a.bind(address, problem);
  shared = shared && (!first || share_port(a));
  if (!problem)
    a.listen(backlog, problem);
  if (problem || !shared)
    return fail(errc::storage_io, "cannot listen: " + problem.message());
  return {};
}

} // namespace

struct reactor::parts {
  explicit parts(services& s)
    : shared{s},
      context{make_shared_context()},
      acceptor{*context},
      room{*context},
      grace{*context},
      work{context->get_executor()} {}

  asio::awaitable<void> accept_all();
  asio::awaitable<void> await_room();
  asio::awaitable<void> pause();
  void add(tcp::socket socket);
  void remove(std::list<connection>::iterator ended);
  void begin_stop();
  void cut_all();

  bool is_full() const {
    return shared.counters.connections.load() >= shared.options.max_connections;
  }

  services& shared;
  std::shared_ptr<asio::io_context> context;
  tcp::acceptor acceptor;
  asio::steady_timer room;  ///< The accepting coroutine waits on it for a free connection.
  asio::steady_timer grace; ///< Until connections are cut.
  stop_signal stopping;
  std::list<connection> connections;
  /// Connections may wait for nothing but an actor, of which the context knows nothing.
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::thread thread;
};

asio::awaitable<void> reactor::parts::pause() {
  room.expires_after(accept_pause);
  co_await room.async_wait(as_result);
}

/// While there are too many connections, new ones wait in the kernel's queue. Those that end on
/// this thread wake us; for those of other threads it is enough to look now and then.
asio::awaitable<void> reactor::parts::await_room() {
  while (is_full() && !stopping.raised())
    co_await pause();
}

asio::awaitable<void> reactor::parts::accept_all() {
  while (!stopping.raised()) {
    co_await await_room();
    auto [problem, socket] = co_await acceptor.async_accept(as_result);
    if (problem == asio::error::operation_aborted || problem == asio::error::bad_descriptor)
      co_return;
    if (problem) {
      log::warning("http", "accept: " + problem.message()); // no file descriptors left, say
      co_await pause();
      continue;
    }
    add(std::move(socket));
  }
}

void reactor::parts::add(tcp::socket socket) {
  beast::error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  shared.counters.accepted.fetch_add(1, std::memory_order_relaxed);
  shared.counters.connections.fetch_add(1);
  const auto added = connections.emplace(connections.end(), shared, stopping, std::move(socket));
  auto on_end = [this, added](std::exception_ptr bug) {
    // Not yet: what calls us still lives in the connection's cancellation signal.
    asio::post(*context, [this, added] { remove(added); });
    try {
      if (bug)
        std::rethrow_exception(bug);
    } catch (const boost::system::system_error& e) {
      if (e.code() != asio::error::operation_aborted)
        log::error("http", std::string{"a connection threw: "} + e.what());
    } catch (const std::exception& e) {
      log::error("http", std::string{"a connection threw: "} + e.what());
    }
  };
  asio::co_spawn(*context, serve_connection(added->line),
                 asio::bind_cancellation_slot(added->cut.slot(), std::move(on_end)));
}

void reactor::parts::remove(std::list<connection>::iterator ended) {
  connections.erase(ended);
  shared.counters.connections.fetch_sub(1);
  room.cancel();
  if (stopping.raised() && connections.empty()) {
    grace.cancel();
    work.reset();
  }
}

void reactor::parts::begin_stop() {
  if (stopping.raised())
    return;
  beast::error_code ignored;
  acceptor.close(ignored);
  stopping.raise();
  room.cancel();
  if (connections.empty()) {
    work.reset();
    return;
  }
  grace.expires_after(shared.options.grace);
  grace.async_wait([this](beast::error_code stopped) {
    if (!stopped)
      cut_all();
  });
}

void reactor::parts::cut_all() {
  if (!connections.empty())
    log::warning("http", std::to_string(connections.size()) + " connections cut after the grace");
  for (auto& c : connections) {
    c.cut.emit(asio::cancellation_type::terminal);
    c.line.stream.close();
  }
}

result<reactor> reactor::listen(services& shared, tcp::endpoint address, bool first) {
  auto made = std::make_unique<parts>(shared);
  if (auto opened = open(made->acceptor, address, first); !opened)
    return fail(opened.error());
  return reactor{std::move(made)};
}

reactor::reactor(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
reactor::reactor(reactor&&) noexcept = default;
reactor& reactor::operator=(reactor&&) noexcept = default;
reactor::~reactor() = default;

tcp::endpoint reactor::address() const {
  beast::error_code ignored;
  return parts_->acceptor.local_endpoint(ignored);
}

void reactor::run() {
  asio::co_spawn(*parts_->context, parts_->accept_all(), asio::detached);
  parts_->thread = std::thread{[p = parts_.get()] {
    p->context->run();
  }};
}

void reactor::stop() {
  asio::post(*parts_->context, [p = parts_.get()] { p->begin_stop(); });
}

void reactor::join() {
  if (parts_->thread.joinable())
    parts_->thread.join();
}

void reactor::drain() {
  parts_->context->restart();
  parts_->context->poll();
}

} // namespace mediad::net
