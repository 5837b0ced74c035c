#include "actors/sweeper.hpp"

#include <caf/atom.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <utility>

namespace mediad::actors {
namespace {

using sweeper_impl = sweeper_actor::extend<caf::reacts_to<caf::tick_atom>>;

struct sweeper_state {
  static inline const char* name = "sweeper";

  sweeper_state() = default;

  sweeper_impl::pointer self = nullptr;
  sweeper_settings settings;
  storage_actor storage;

  void wait() {
    self->delayed_send(self, settings.interval, caf::tick_atom_v);
  }

  /// A failure is logged by the owner.
  void sweep() {
    storage::sweep s;
    s.at_most = settings.at_most;
    caf::anon_send(storage, storage::change{s});
    caf::anon_send(storage, storage::change{storage::credential_sweep{}});
    caf::anon_send(storage, storage::change{storage::trash_clearance{}});
    // Of a removal whose client has gone, or failed once.
    caf::anon_send(storage, storage::change{storage::user_clearance{settings.at_most}});
  }
};

sweeper_impl::behavior_type sweeper(sweeper_impl::stateful_pointer<sweeper_state> self,
                                    sweeper_settings settings, storage_actor storage) {
  auto& state = self->state;
  state.self = self;
  state.settings = settings;
  state.storage = std::move(storage);
  state.wait();
  return {
    [self](sweep_atom) { self->state.sweep(); },
    [self](caf::tick_atom) {
      self->state.sweep();
      self->state.wait();
    },
  };
}

} // namespace

sweeper_actor spawn_sweeper(caf::actor_system& sys, sweeper_settings settings,
                            storage_actor storage) {
  return sys.spawn(sweeper, settings, std::move(storage));
}

} // namespace mediad::actors
