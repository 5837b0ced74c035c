#pragma once

#include "actors/protocol.hpp"
#include "storage/store.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace mediad::actors {

struct storage_owner_deps {
  /// `store::apply`, or a fake.
  std::function<result<std::vector<result<storage::applied>>>(std::vector<storage::change>)> apply;
  notifier_actor notifier;
  /// Changes that share one commit at most.
  std::size_t max_group = 256;
  /// The real store blocks on the disk and binds to its thread; a fake need not.
  bool own_thread = true;
};

/// Groups the changes that wait in its mailbox into one commit, answers each sender, and tells the
/// notifier what happened, in order. Quits with the error of a commit that failed: nothing is
/// certain then.
storage_actor spawn_storage_owner(caf::actor_system& sys, storage_owner_deps deps);

} // namespace mediad::actors
