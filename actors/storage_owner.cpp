#include "actors/storage_owner.hpp"

#include "actors/errors.hpp"
#include "base/log.hpp"

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mediad::actors {
namespace {

using storage_owner_impl = storage_actor::extend<caf::reacts_to<caf::flush_atom>>;

struct waiting_change {
  storage::change what;
  std::function<void(result<storage::applied>)> answer;
};

struct storage_owner_state {
  static inline const char* name = "storage_owner";

  storage_owner_state() = default;

  storage_owner_impl::pointer self = nullptr;
  storage_owner_deps deps;
  std::vector<waiting_change> waiting;

  template <class Reply>
  caf::result<Reply> add(storage::change what, Reply (*pick)(storage::applied&&)) {
    auto promise = self->make_response_promise<Reply>();
    auto answer = [promise, pick](result<storage::applied> done) mutable {
      if (done)
        promise.deliver(pick(std::move(*done)));
      else
        promise.deliver(to_caf(done.error()));
    };
    queue({std::move(what), std::move(answer)});
    return promise;
  }

  /// Nobody waits for it.
  void add_unasked(storage::change what) {
    auto answer = [](const result<storage::applied>& done) {
      if (!done)
        log::warning("storage", done.error().detail);
    };
    queue({std::move(what), std::move(answer)});
  }

  void queue(waiting_change c) {
    waiting.push_back(std::move(c));
    // The flush queues up behind every change that is in the mailbox by now: that is the group.
    if (waiting.size() == 1)
      self->send(self, caf::flush_atom_v);
  }

  caf::result<file_record> add(storage::change what) {
    return add<file_record>(std::move(what),
                            [](storage::applied&& done) { return std::move(done.record); });
  }

  void flush() {
    auto batch = take_batch();
    std::vector<storage::change> changes;
    changes.reserve(batch.size());
    for (auto& item : batch)
      changes.push_back(std::move(item.what));
    auto outcome = deps.apply(std::move(changes));
    if (!outcome)
      return die(batch, outcome.error());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto& done = outcome->at(i);
      if (done && done->news)
        self->send(deps.notifier, *done->news);
      batch[i].answer(std::move(done));
    }
    if (!waiting.empty())
      self->send(self, caf::flush_atom_v);
  }

  std::vector<waiting_change> take_batch() {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting.size(), deps.max_group));
    const auto first = waiting.begin();
    std::vector<waiting_change> batch{std::make_move_iterator(first),
                                      std::make_move_iterator(first + count)};
    waiting.erase(first, first + count);
    return batch;
  }

  void die(std::vector<waiting_change>& batch, const error& e) {
    log::error("storage", e);
    for (auto& item : batch)
      item.answer(fail(e));
    for (auto& item : waiting)
      item.answer(fail(e));
    waiting.clear();
    self->quit(to_caf(e));
  }
};

storage_owner_impl::behavior_type
storage_owner(storage_owner_impl::stateful_pointer<storage_owner_state> self,
              storage_owner_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.deps = std::move(deps);
  return {
    [self](const storage::new_upload& c) { return self->state.add(c); },
    [self](const storage::appended& c) { return self->state.add(c); },
    [self](const storage::arrival& c) { return self->state.add(c); },
    [self](const storage::transition& c) { return self->state.add(c); },
    [self](const storage::new_preview& c) { return self->state.add(c); },
    [self](const storage::outcome& c) { return self->state.add(c); },
    [self](const storage::removal& c) { return self->state.add(c); },
    [self](const storage::notice& c) {
      return self->state.add<event>(c,
                                    [](storage::applied&& done) { return *std::move(done.news); });
    },
    [self](const storage::sweep& c) { self->state.add_unasked(c); },
    [self](caf::flush_atom) { self->state.flush(); },
  };
}

} // namespace

storage_actor spawn_storage_owner(caf::actor_system& sys, storage_owner_deps deps) {
  if (deps.own_thread)
    return sys.spawn<caf::detached>(storage_owner, std::move(deps));
  return sys.spawn(storage_owner, std::move(deps));
}

} // namespace mediad::actors
