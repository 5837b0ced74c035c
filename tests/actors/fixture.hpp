#pragma once

// Include last: CAF's dsl.hpp defines function-like macros, and in 0.17.6 uses one it forgot.
#include "tests/actors/fakes.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

#include <chrono>

namespace mediad::tests {

/// Deterministic: nothing runs, and no time passes, but by the test's word.
struct actor_fixture : test_coordinator_fixture<actors::config> {
  /// Runs what waits. Not run(): that would fire every pending timeout, too.
  void settle() {
    consume_messages();
  }

  void after(std::chrono::milliseconds d) {
    advance_time(d);
    consume_messages();
  }

  /// Sends a request and settles; the answer lands in the returned box when it comes.
  template <class Reply, class Handle, class... Args>
  std::shared_ptr<std::optional<result<Reply>>> ask(const Handle& to, Args... args) {
    auto box = post<Reply>(to, args...);
    settle();
    return box;
  }

  /// The same without settling, so that several requests meet in one mailbox.
  template <class Reply, class Handle, class... Args>
  std::shared_ptr<std::optional<result<Reply>>> post(const Handle& to, Args... args) {
    auto box = std::make_shared<std::optional<result<Reply>>>();
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(to, caf::infinite, args...)
        .then([box](Reply& value) { *box = result<Reply>{std::move(value)}; },
              [box](const caf::error& e) { *box = result<Reply>{fail(from_caf(e))}; });
    });
    return box;
  }
};

} // namespace mediad::tests
