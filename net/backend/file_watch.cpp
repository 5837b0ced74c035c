#include "net/backend/file_watch.hpp"

#include "net/backend/ask.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

namespace mediad::net {

namespace asio = boost::asio;

/// Belongs to the connection's I/O thread; the actor only posts to it.
struct file_watch::ear {
  explicit ear(const asio::any_io_executor& io) : wake{io} {}
  asio::steady_timer wake;
  bool heard = false;
  session_actor actor;
};

namespace {

/// What the actor holds. The ear is weak: it must not outlive its thread's context, and the
/// context must be there to post to.
template <class Ear>
struct line {
  asio::any_io_executor io;
  std::shared_ptr<void> alive;
  std::weak_ptr<Ear> ear;

  void ring() const {
    auto tell = [weak = ear] {
      if (const auto e = weak.lock()) {
        e->heard = true;
        e->wake.cancel();
      }
    };
    asio::post(io, std::move(tell));
  }
};

template <class Ear>
session_actor spawn_listener(caf::actor_system& sys, line<Ear> to) {
  return sys.spawn([to](session_actor::pointer) -> session_actor::behavior_type {
    return {[to](const event&) { to.ring(); },
            [](const live_event&) {
            }};
  });
}

} // namespace

file_watch::file_watch(std::shared_ptr<ear> e) : ear_{std::move(e)} {}
file_watch::file_watch(file_watch&&) noexcept = default;
file_watch& file_watch::operator=(file_watch&&) noexcept = default;

file_watch::~file_watch() {
  if (ear_)
    caf::anon_send_exit(ear_->actor, caf::exit_reason::user_shutdown);
}

asio::awaitable<result<file_watch>> file_watch::start(services& shared, std::string user,
                                                      std::vector<std::string> files) {
  const auto io = co_await asio::this_coro::executor;
  auto made = std::make_shared<ear>(io);
  const line<ear> to{io, keep_alive(io), made};
  made->actor = spawn_listener(*shared.deps.system, to);
  file_watch watch{std::move(made)};
  const event_filter filter{std::move(user), std::move(files)};
  const auto subscribed = co_await ask<std::uint64_t>(
    *shared.deps.system, shared.deps.notifier, shared.options.request_timeout,
    caf::subscribe_atom_v, watch.ear_->actor, filter);
  if (!subscribed)
    co_return fail(subscribed.error());
  co_return watch;
}

asio::awaitable<bool> file_watch::changed(clock::time_point until, stop_signal& stopping) {
  auto& e = *ear_;
  const auto on_stop = [&e] {
    e.wake.cancel();
  };
  const auto watch = stopping.on_stop(on_stop);
  while (!e.heard && !stopping.raised() && clock::now() < until) {
    e.wake.expires_at(until);
    co_await e.wake.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return std::exchange(e.heard, false);
}

} // namespace mediad::net
