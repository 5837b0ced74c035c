#pragma once

#include "actors/errors.hpp"
#include "net/io/shared_context.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace mediad::net {

namespace detail {

/// One question under way. The answer comes on an actor's thread, a cancellation on the asker's:
/// the first of them resumes the asker, on its own executor.
template <class Reply, class Handler>
class question {
public:
  explicit question(Handler handler)
    : executor_{boost::asio::get_associated_executor(handler)},
      alive_{hold_context(executor_)},
      handler_{std::move(handler)} {}

  static void finish(std::shared_ptr<question> self, result<Reply> answer) {
    if (self->done_.exchange(true))
      return;
    auto alive = self->alive_; // posting touches the context to the end of the call
    const auto executor = self->executor_;
    auto resume = [self = std::move(self), answer = std::move(answer)]() mutable {
      auto handler = std::move(self->handler_);
      boost::asio::get_associated_cancellation_slot(handler).clear();
      self.reset();
      std::move(handler)(std::move(answer));
    };
    boost::asio::post(executor, std::move(resume));
  }

  /// @param helper  waits for the answer; ends with the cancellation, or it would keep the actor
  ///                system from ending until the request times out.
  static void arm(const std::shared_ptr<question>& self, caf::actor helper) {
    auto slot = boost::asio::get_associated_cancellation_slot(self->handler_);
    if (!slot.is_connected())
      return;
    auto cancel = [weak = std::weak_ptr<question>{self},
                   helper = std::move(helper)](boost::asio::cancellation_type) {
      auto asked = weak.lock(); // first: the helper's end may let go of the question
      caf::anon_send_exit(helper, caf::exit_reason::user_shutdown);
      if (asked)
        finish(std::move(asked), fail(errc::cancelled, "the asker is being stopped"));
    };
    slot.assign(std::move(cancel));
  }

private:
  boost::asio::any_io_executor executor_;
  std::shared_ptr<void> alive_;
  std::atomic<bool> done_{false};
  Handler handler_; ///< Asio's is move-only and CAF copies its callbacks: hence the sharing.
};

/// Answers as they come in.
template <class Reply>
struct collection {
  explicit collection(std::size_t n)
    : answers(n, result<Reply>{fail(errc::timeout, "")}), missing{n} {}
  std::vector<result<Reply>> answers;
  std::size_t missing;
};

} // namespace detail

/// Sends a request to an actor; the calling coroutine resumes, on its own executor, with the
/// answer. This is the only crossing from Asio into CAF.
/// @param timeout  errc::timeout is returned after this long.
/// @returns errc::cancelled as soon as the coroutine is cancelled; the answer is then dropped.
template <class Reply, class Handle, class... Args>
boost::asio::awaitable<result<Reply>> ask(caf::actor_system& sys, Handle to,
                                          std::chrono::milliseconds timeout, Args... args) {
  auto start = [&sys, to, timeout](auto handler, auto... xs) {
    using asked = detail::question<Reply, decltype(handler)>;
    auto shared = std::make_shared<asked>(std::move(handler));
    auto helper = [=](caf::event_based_actor* self) {
      self->request(to, timeout, xs...)
        .then([=](Reply& value) { asked::finish(shared, std::move(value)); },
              [=](const caf::error& e) { asked::finish(shared, fail(from_caf(e))); });
    };
    asked::arm(shared, sys.spawn(std::move(helper)));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                 void(result<Reply>)>(
    start, boost::asio::use_awaitable, std::move(args)...);
}

/// Sends several requests at once, so that an actor may deal with them as one group.
/// @param count  how many; at least one.
/// @param send   copyable; sends the request of a number below @p count by the actor that it is
///               given, and gives what caf's request() gives.
/// @returns an answer each, in order; none at all once the coroutine is cancelled.
template <class Reply, class Send>
boost::asio::awaitable<std::vector<result<Reply>>> ask_all(caf::actor_system& sys,
                                                           std::size_t count, Send send) {
  using replies = std::vector<result<Reply>>;
  auto start = [&sys, count](auto handler, Send each) {
    using asked = detail::question<replies, decltype(handler)>;
    auto shared = std::make_shared<asked>(std::move(handler));
    auto helper = [=](caf::event_based_actor* self) {
      auto got = std::make_shared<detail::collection<Reply>>(count);
      for (std::size_t i = 0; i < count; ++i) {
        auto keep = [=](result<Reply> answer) {
          got->answers[i] = std::move(answer);
          if (--got->missing == 0)
            asked::finish(shared, std::move(got->answers));
        };
        each(self, i).then([=](Reply& value) { keep(std::move(value)); },
                           [=](const caf::error& e) { keep(fail(from_caf(e))); });
      }
    };
    asked::arm(shared, sys.spawn(std::move(helper)));
  };
  auto answers = co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                      void(result<replies>)>(
    start, boost::asio::use_awaitable, std::move(send));
  if (!answers)
    co_return replies{};
  co_return std::move(*answers);
}

} // namespace mediad::net
