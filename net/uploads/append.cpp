#include "net/uploads/append.hpp"

#include "net/uploads/lease.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <utility>

namespace mediad::net::uploads {

namespace {

/// Ends the reading of a body from outside: at once when a newer request wants the upload, and some
/// time after the server began to stop, while there is still time to save what came.
class interruption {
public:
  interruption(exchange& x, incoming_file& file)
    : state_{std::make_shared<state>(x.stream())},
      taken_over_{file.taken_over().on_stop([s = state_] { s->end(body_end::taken_over); })},
      stopping_{
        x.stopping().on_stop([s = state_, wait = x.options().grace / 2] { s->end_after(wait); })} {
    if (x.stopping().raised())
      state_->end_after(x.options().grace / 2);
  }
  ~interruption() {
    state_->stream = nullptr;
    state_->timer.cancel();
  }
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// `whole` while nothing has happened; changes when something does.
  const body_end& how() const {
    return state_->how;
  }

private:
  struct state : std::enable_shared_from_this<state> {
    explicit state(client_stream& s) : stream{&s}, timer{s.get_executor()} {}

    void end(body_end why) {
      if (how == body_end::whole)
        how = why;
      cancel_reads();
    }

    /// Repeat every 20 ms: cancel() only reaches a read that has already started.
    void cancel_reads() {
      if (stream == nullptr)
        return;
      stream->cancel();
      timer.expires_after(std::chrono::milliseconds{20});
      timer.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
        if (!stopped)
          self->cancel_reads();
      });
    }

    void end_after(std::chrono::milliseconds wait) {
      if (how != body_end::whole)
        return;
      timer.expires_after(wait);
      timer.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
        if (!stopped)
          self->end(body_end::stopping);
      });
    }

    client_stream* stream; ///< Null once the reading has ended.
    asio::steady_timer timer;
    body_end how = body_end::whole;
  };

  std::shared_ptr<state> state_;
  stop_signal::watch taken_over_;
  stop_signal::watch stopping_;
};

append_result ended(body_end how, error why = {}) {
  return {how, std::move(why)};
}

append_result read_failed(const body_reader& reader, const body_end& outside, error why) {
  if (outside != body_end::whole)
    return ended(outside);
  if (reader.timed_out())
    return ended(body_end::stalled, std::move(why));
  if (why.code == errc::too_large)
    return ended(body_end::refused, std::move(why));
  return ended(body_end::lost, std::move(why));
}

} // namespace

asio::awaitable<append_result>
read_body(body_reader& reader, incoming_file& file, const body_end& outside,
          std::function<asio::awaitable<void>(std::uint64_t)> on_saved) {
  auto saved = file.state().offset;
  const std::function<void()> on_idle = [&file] {
    file.release_buffers();
  };
  while (outside == body_end::whole) {
    if (const auto there = co_await reader.ready(on_idle); !there)
      co_return read_failed(reader, outside, there.error());
    const auto room = co_await file.room();
    if (!room)
      co_return ended(body_end::failed, room.error());
    if (on_saved && file.state().offset > saved) {
      saved = file.state().offset;
      co_await on_saved(saved);
    }
    if (outside != body_end::whole)
      break;
    const auto got = co_await reader.read(*room);
    if (!got)
      co_return read_failed(reader, outside, got.error());
    if (*got == 0)
      co_return ended(body_end::whole);
    if (auto taken = file.filled(*got); !taken)
      co_return ended(body_end::refused, taken.error());
  }
  co_return ended(outside);
}

answer make_turn_refusal(const exchange& x, const error& e) {
  return e.code == errc::busy ? x.make_problem(upload_locked) : x.make_problem(e);
}

asio::awaitable<append_result> append_body(exchange& x, incoming_file& file, std::uint64_t limit,
                                           body_watch watch) {
  const auto io = co_await asio::this_coro::executor;
  const lease kept{x.shared(), io, file.id()};
  body_reader reader{x, limit};
  reader.on_bytes(std::move(watch.on_bytes));
  append_result out;
  {
    const interruption from_outside{x, file};
    out = co_await read_body(reader, file, from_outside.how(), std::move(watch.on_saved));
  }
  if (out.how != body_end::whole)
    x.must_close();
  if (out.how == body_end::failed || !file.is_trusted())
    co_return out;
  if (auto saved = co_await file.save(); !saved)
    out = ended(body_end::failed, saved.error());
  co_return out;
}

} // namespace mediad::net::uploads
