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
struct file_watch::subscription {
  explicit subscription(const asio::any_io_executor& io) : wake{io} {}
  asio::steady_timer wake;
  bool heard = false;
  session_actor actor;
};

namespace {

/// What the actor holds. It refers to the subscription weakly, because that must not outlive the
/// context of its thread; and it holds the context, because it posts to it.
template <class Subscription>
struct wake_up {
  asio::any_io_executor io;
  std::shared_ptr<void> alive;
  std::weak_ptr<Subscription> subscription;

  void send() const {
    auto tell = [weak = subscription] {
      if (const auto e = weak.lock()) {
        e->heard = true;
        e->wake.cancel();
      }
    };
    asio::post(io, std::move(tell));
  }
};

template <class Subscription>
session_actor spawn_listener(caf::actor_system& sys, wake_up<Subscription> to) {
  return sys.spawn([to](session_actor::pointer) -> session_actor::behavior_type {
    return {[to](const event&) { to.send(); },
            [](const live_event&) {
            }};
  });
}

} // namespace

file_watch::file_watch(std::shared_ptr<subscription> e) : subscription_{std::move(e)} {}
file_watch::file_watch(file_watch&&) noexcept = default;
file_watch& file_watch::operator=(file_watch&&) noexcept = default;

file_watch::~file_watch() {
  if (subscription_)
    caf::anon_send_exit(subscription_->actor, caf::exit_reason::user_shutdown);
}

asio::awaitable<result<file_watch>> file_watch::start(services& shared, std::string user,
                                                      std::vector<std::string> files) {
  const auto io = co_await asio::this_coro::executor;
  auto made = std::make_shared<subscription>(io);
  const wake_up<subscription> to{io, hold_context(io), made};
  made->actor = spawn_listener(*shared.deps.system, to);
  file_watch watch{std::move(made)};
  const event_filter filter{std::move(user), std::move(files)};
  const auto subscribed = co_await ask<std::uint64_t>(
    *shared.deps.system, shared.deps.notifier, shared.options.request_timeout,
    caf::subscribe_atom_v, watch.subscription_->actor, filter);
  if (!subscribed)
    co_return fail(subscribed.error());
  co_return watch;
}

asio::awaitable<bool> file_watch::changed(clock::time_point until, stop_signal& stopping) {
  auto& e = *subscription_;
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
