#include "net/uploads/append.hpp"

#include "net/uploads/lease.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace mediad::net {

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

  /// `whole` while nothing has happened.
  body_end how() const {
    return state_->how;
  }

private:
  struct state : std::enable_shared_from_this<state> {
    explicit state(beast::tcp_stream& s) : stream{&s}, timer{s.get_executor()} {}

    void end(body_end why) {
      if (how == body_end::whole)
        how = why;
      cancel_reads();
    }

    /// Again and again: the next read may be about to begin, and would know nothing of it.
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

    beast::tcp_stream* stream; ///< Null once nobody reads any more.
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

append_result read_failed(const body_reader& reader, const interruption& from_outside, error why) {
  if (from_outside.how() != body_end::whole)
    return ended(from_outside.how());
  if (reader.timed_out())
    return ended(body_end::stalled);
  if (why.code == errc::too_large)
    return ended(body_end::refused, std::move(why));
  return ended(body_end::lost, std::move(why));
}

asio::awaitable<append_result> read_body(exchange& x, incoming_file& file, std::uint64_t limit,
                                         const std::function<void(std::string_view)>& beside) {
  body_reader reader{x, limit};
  const interruption from_outside{x, file};
  const std::function<void()> rest = [&file] {
    file.rest();
  };
  while (from_outside.how() == body_end::whole) {
    if (const auto there = co_await reader.ready(rest); !there)
      co_return read_failed(reader, from_outside, there.error());
    const auto room = co_await file.room();
    if (!room)
      co_return ended(body_end::failed, room.error());
    if (from_outside.how() != body_end::whole)
      break;
    const auto got = co_await reader.read(*room);
    if (!got)
      co_return read_failed(reader, from_outside, got.error());
    if (*got == 0)
      co_return ended(body_end::whole);
    if (beside)
      beside({room->data(), *got});
    if (auto taken = file.filled(*got); !taken)
      co_return ended(body_end::refused, taken.error());
  }
  co_return ended(from_outside.how());
}

} // namespace

answer make_turn_refusal(const exchange& x, const error& e) {
  return e.code == errc::busy ? x.make_problem(upload_locked) : x.make_problem(e);
}

asio::awaitable<append_result> append_body(exchange& x, incoming_file& file, std::uint64_t limit,
                                           const std::function<void(std::string_view)>& beside) {
  const auto io = co_await asio::this_coro::executor;
  const lease kept{x.shared(), io, file.id()};
  auto out = co_await read_body(x, file, limit, beside);
  if (out.how != body_end::whole)
    x.must_close();
  if (out.how == body_end::failed || !file.is_trusted())
    co_return out;
  if (auto saved = co_await file.save(); !saved)
    out = ended(body_end::failed, saved.error());
  co_return out;
}

} // namespace mediad::net
