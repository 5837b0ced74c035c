#include "net/events/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace mediad::net::events {
namespace {

namespace asio = boost::asio;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

} // namespace

session::session(asio::any_io_executor connection, interest wanted, outbox frames)
  : wanted_{std::move(wanted)},
    outbox_{std::move(frames)},
    connection_{std::move(connection)},
    changed_{std::in_place, connection_},
    room_{std::in_place, connection_} {}

void session::deliver(const event& e) {
  const std::lock_guard lock{mutex_};
  // Filter again: the notifier's copy of the filter may be stale or broader.
  if (!connection_ || !wanted_.wants(e))
    return;
  outbox_.push(e);
  notify();
}

void session::deliver(const live_event& e) {
  const std::lock_guard lock{mutex_};
  if (!connection_ || !wanted_.wants(e))
    return;
  outbox_.push(e);
  notify();
}

// One wake-up for however many events arrive until the connection has its turn.
void session::notify() {
  if (std::exchange(notified_, true))
    return;
  asio::post(connection_, [self = shared_from_this()] {
    {
      const std::lock_guard lock{self->mutex_};
      self->notified_ = false;
    }
    if (self->changed_)
      self->changed_->cancel();
  });
}

void session::start(std::uint64_t after, std::uint64_t newest) {
  const std::lock_guard lock{mutex_};
  outbox_.start(after, newest);
}

asio::awaitable<void> session::reply(std::string text) {
  while (room_) {
    {
      const std::lock_guard lock{mutex_};
      if (outbox_.reply(text))
        break;
    }
    room_->expires_at(clock::time_point::max());
    co_await room_->async_wait(as_tuple);
  }
  if (changed_)
    changed_->cancel();
}

result<event_filter> session::subscribe(const std::string& file) {
  const std::lock_guard lock{mutex_};
  if (!wanted_.subscribe(file))
    return fail(errc::too_large, "too many files subscribed");
  return wanted_.filter();
}

result<event_filter> session::unsubscribe(const std::string& file) {
  const std::lock_guard lock{mutex_};
  if (!wanted_.unsubscribe(file))
    return fail(errc::too_large, "too many files unsubscribed");
  return wanted_.filter();
}

event_filter session::filter() const {
  const std::lock_guard lock{mutex_};
  return wanted_.filter();
}

asio::awaitable<result<std::optional<frame>>> session::next(const log_reader& log,
                                                            clock::time_point until) {
  using answer = result<std::optional<frame>>;
  for (;;) {
    std::optional<frame> waiting;
    {
      const std::lock_guard lock{mutex_};
      waiting = outbox_.pop();
    }
    if (waiting) {
      if (room_ && waiting->seq == 0)
        room_->cancel();
      co_return answer{std::move(waiting)};
    }
    const auto more = read_log(log);
    if (!more)
      co_return answer{more.error()};
    if (std::exchange(woken_, false) || !changed_ || clock::now() >= until)
      co_return answer{std::optional<frame>{}};
    if (*more) {
      // A long replay for a file that had few events must not hold the thread.
      co_await asio::post(connection_, asio::use_awaitable);
    } else {
      changed_->expires_at(until);
      co_await changed_->async_wait(as_tuple);
    }
  }
}

result<bool> session::read_log(const log_reader& log) {
  std::uint64_t after = 0;
  std::size_t limit = 0;
  {
    const std::lock_guard lock{mutex_};
    if (!outbox_.must_read())
      return false;
    after = outbox_.read_after();
    limit = outbox_.read_limit();
  }
  // Unlocked: the actor must not wait for the disk. What is announced meanwhile is read next time.
  const auto page = log(after, limit);
  if (!page)
    return fail(page.error());
  const std::lock_guard lock{mutex_};
  outbox_.fill(*page, [this](const event& e) { return wanted_.wants(e); });
  return true;
}

void session::wake() {
  woken_ = true;
  if (changed_)
    changed_->cancel();
}

void session::close() {
  // Their destructors cancel the waits; the coroutines that wait find them gone.
  changed_.reset();
  room_.reset();
  const std::lock_guard lock{mutex_};
  connection_ = {};
}

session_actor spawn_session(caf::actor_system& system, std::shared_ptr<session> s) {
  const auto hear = [](session_actor::pointer, const std::shared_ptr<session>& to) {
    return session_actor::behavior_type{
      [to](const event& e) { to->deliver(e); },
      [to](const live_event& e) { to->deliver(e); },
    };
  };
  return system.spawn(hear, std::move(s));
}

listener::listener(caf::actor_system& system, std::shared_ptr<session> s)
  : session_{std::move(s)}, actor_{spawn_session(system, session_)} {}

listener::~listener() {
  session_->close();
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

} // namespace mediad::net::events
