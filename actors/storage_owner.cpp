#include "actors/storage_owner.hpp"

#include "actors/errors.hpp"
#include "base/log.hpp"

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

namespace mediad::actors {
namespace {

using storage_owner_impl =
  storage_actor::extend<caf::reacts_to<caf::flush_atom>, caf::reacts_to<caf::tick_atom>>;

/// Uploads that come with shorter gaps than this are one rush.
constexpr std::chrono::milliseconds pause{10};

struct waiting_change {
  storage::change what;
  caf::typed_response_promise<storage::applied> asker;

  void answer(result<storage::applied> done) {
    if (done)
      asker.deliver(std::move(*done));
    else if (asker.pending())
      asker.deliver(to_caf(done.error()));
    else if (done.error().code != errc::not_found) // not_found: it is gone already
      log::warning("storage", done.error().detail);
  }
};

struct storage_owner_state {
  static inline const char* name = "storage_owner";

  storage_owner_state() = default;

  storage_owner_impl::pointer self = nullptr;
  storage_owner_deps deps;
  std::vector<waiting_change> waiting;
  /// Changes that no client waits for; they yield to `waiting`.
  std::vector<waiting_change> patient;
  std::size_t overtaken = 0; ///< Groups committed in a row while `patient` had to wait.
  /// Last time a group contained a change some client waits for.
  std::optional<caf::actor_clock::time_point> urgent_at;
  bool is_flushing = false; ///< A flush message is on its way.
  bool is_pausing = false;  ///< A tick is scheduled to check whether the rush is over.

  caf::result<storage::applied> add(storage::change&& what) {
    auto promise = self->make_response_promise<storage::applied>();
    auto& queue = can_wait(what) ? patient : waiting;
    queue.push_back({std::move(what), promise});
    schedule();
    return promise;
  }

  void schedule() {
    if (is_flushing || (waiting.empty() && patient.empty()))
      return;
    if (!waiting.empty() || is_quiet()) {
      // It queues up behind every change that is in the mailbox by now: that is the group.
      is_flushing = true;
      self->send(self, caf::flush_atom_v);
    } else if (!std::exchange(is_pausing, true)) {
      self->delayed_send(self, pause, caf::tick_atom_v);
    }
  }

  void look_again() {
    is_pausing = false;
    schedule();
  }

  bool is_quiet() const {
    return waiting.empty() && (!urgent_at || self->clock().now() - *urgent_at >= pause);
  }

  void flush() {
    is_flushing = false;
    auto batch = take_batch();
    std::vector<storage::change> changes;
    changes.reserve(batch.size());
    for (auto& item : batch)
      changes.push_back(std::move(item.what));
    auto applied = deps.apply(std::move(changes));
    if (!applied)
      return die(batch, applied.error());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto& done = applied->at(i);
      if (done)
        tell(*done);
      batch[i].answer(std::move(done));
    }
    schedule();
  }

  void tell(const storage::applied& done) {
    if (done.event)
      self->send(deps.notifier, *done.event);
    for (const auto& other : done.others)
      self->send(deps.notifier, other);
  }

  /// While uploads come fast, patient changes wait until the uploads pause, or until max_overtaken
  /// groups were committed before them. Then a part of them is taken: the more wait, the larger.
  std::vector<waiting_change> take_batch() {
    constexpr std::size_t max_overtaken = 8;
    constexpr std::size_t share = 16;
    std::vector<waiting_change> batch;
    if (is_quiet()) {
      move_some(patient, deps.max_group, batch);
      return batch;
    }
    urgent_at = self->clock().now();
    if (!patient.empty() && ++overtaken > max_overtaken) {
      overtaken = 0;
      const auto part = std::max(deps.max_group, patient.size()) / share;
      const auto half = std::max<std::size_t>(deps.max_group / 2, 1);
      move_some(patient, std::clamp<std::size_t>(part, 1, half), batch);
    }
    move_some(waiting, deps.max_group - batch.size(), batch);
    return batch;
  }

  static void move_some(std::vector<waiting_change>& from, std::size_t at_most,
                        std::vector<waiting_change>& to) {
    const auto first = from.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(from.size(), at_most));
    std::move(first, last, std::back_inserter(to));
    from.erase(first, last);
  }

  void die(std::vector<waiting_change>& batch, const error& why) {
    log::error("storage", why);
    for (auto& item : batch)
      item.answer(fail(why));
    for (auto* all : {&waiting, &patient})
      for (auto& item : *all)
        item.answer(fail(why));
    waiting.clear();
    patient.clear();
    self->quit(to_caf(why));
  }
};

storage_owner_impl::behavior_type
storage_owner(storage_owner_impl::stateful_pointer<storage_owner_state> self,
              storage_owner_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.deps = std::move(deps);
  return {
    [self](storage::change& what) { return self->state.add(std::move(what)); },
    [self](caf::flush_atom) { self->state.flush(); },
    [self](caf::tick_atom) { self->state.look_again(); },
  };
}

} // namespace

storage_actor spawn_storage_owner(caf::actor_system& sys, storage_owner_deps deps) {
  if (deps.own_thread)
    return sys.spawn<caf::detached>(storage_owner, std::move(deps));
  return sys.spawn(storage_owner, std::move(deps));
}

} // namespace mediad::actors
