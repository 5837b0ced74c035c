#include "net/reactor.hpp"

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/io/shared_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>
#include <optional>
#include <sys/socket.h>
#include <thread>

namespace mediad::net {

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds accept_pause{50};
/// Beyond the header limit: what came behind a head in the same read.
constexpr std::size_t read_ahead_bytes = std::size_t{64} << 10U;

struct connection {
  connection(services& shared, stop_signal& stopping, client_stream stream, bool redirects)
    : line{std::move(stream),
           beast::flat_buffer{shared.options.max_header_bytes + read_ahead_bytes}, shared, stopping,
           redirects} {}
  wire line;
  asio::cancellation_signal cut;
};

using stream_protocol = asio::generic::stream_protocol;

/// One of the addresses that the thread listens at.
struct door {
  door(asio::io_context& context, listener l)
    : where{std::move(l)},
      acceptor{context, protocol(where.where()), where.take_socket()},
      room{context} {}

  static stream_protocol protocol(const listen_address& a) {
    return {a.is_file() ? AF_UNIX : a.tcp.protocol().family(), 0};
  }

  listener where;
  asio::basic_socket_acceptor<stream_protocol> acceptor;
  asio::steady_timer room; ///< The accepting coroutine waits on it for a free connection.
};

asio::awaitable<void> pause(door& at) {
  at.room.expires_after(accept_pause);
  co_await at.room.async_wait(as_result);
}

} // namespace

struct reactor::parts {
  explicit parts(services& s)
    : shared{s}, context{make_shared_context()}, grace{*context}, work{context->get_executor()} {}

  asio::awaitable<void> accept_all(door& at);
  asio::awaitable<void> await_room(door& at);
  void tell_room();
  void add(const door& at, client_stream::socket_type socket, asio::ip::address peer);
  void begin(std::list<connection>::iterator added);
  void remove(std::list<connection>::iterator ended);
  void begin_stop();
  void cut_all();

  bool is_full() const {
    return shared.counters.connections.load() >= shared.options.max_connections;
  }

  services& shared;
  std::shared_ptr<asio::io_context> context;
  std::list<door> doors;
  asio::steady_timer grace; ///< Until connections are cut.
  stop_signal stopping;
  std::list<connection> connections;
  /// Connections may wait for nothing but an actor, of which the context knows nothing.
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::thread thread;
};

/// While there are too many connections, new ones wait in the kernel's queue. Those that end on
/// this thread wake us; for those of other threads it is enough to look now and then.
asio::awaitable<void> reactor::parts::await_room(door& at) {
  while (is_full() && !stopping.raised())
    co_await pause(at);
}

void reactor::parts::tell_room() {
  for (auto& each : doors)
    each.room.cancel();
}

asio::awaitable<void> reactor::parts::accept_all(door& at) {
  while (!stopping.raised()) {
    co_await await_room(at);
    client_stream::socket_type socket{*context};
    stream_protocol::endpoint peer;
    const auto [problem] = co_await at.acceptor.async_accept(socket, peer, as_result);
    if (problem == asio::error::operation_aborted || problem == asio::error::bad_descriptor)
      co_return;
    if (problem) {
      log::warning("http", "accept: " + problem.message()); // no file descriptors left, say
      co_await pause(at);
      continue;
    }
    add(at, std::move(socket), address_of(peer));
  }
}

void reactor::parts::add(const door& at, client_stream::socket_type socket,
                         asio::ip::address peer) {
  beast::error_code ignored;
  if (!at.where.where().is_file())
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  std::unique_ptr<tls_session> tls;
  if (at.where.what() == spoken::tls) {
    tls = shared.identity.begin(socket.native_handle());
    if (!tls) // no memory; the client sees its connection closed
      return log::warning("http", "TLS could not begin");
  }
  shared.counters.accepted.fetch_add(1, std::memory_order_relaxed);
  shared.counters.connections.fetch_add(1);
  client_stream stream{std::move(socket), std::move(peer), std::move(tls)};
  begin(connections.emplace(connections.end(), shared, stopping, std::move(stream),
                            at.where.what() == spoken::redirect));
}

void reactor::parts::begin(std::list<connection>::iterator added) {
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
  tell_room();
  if (stopping.raised() && connections.empty()) {
    grace.cancel();
    work.reset();
  }
}

void reactor::parts::begin_stop() {
  if (stopping.raised())
    return;
  beast::error_code ignored;
  for (auto& each : doors)
    each.acceptor.close(ignored);
  stopping.raise();
  tell_room();
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

reactor::reactor(services& shared, std::vector<listener> listeners)
  : parts_{std::make_unique<parts>(shared)} {
  for (auto& one : listeners)
    parts_->doors.emplace_back(*parts_->context, std::move(one));
}

reactor::reactor(reactor&&) noexcept = default;
reactor& reactor::operator=(reactor&&) noexcept = default;
reactor::~reactor() = default;

void reactor::run() {
  for (auto& each : parts_->doors)
    asio::co_spawn(*parts_->context, parts_->accept_all(each), asio::detached);
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
