#pragma once

#include "actors/codec/early_previews.hpp"
#include "actors/codec/pool.hpp"
#include "actors/copier.hpp"
#include "actors/notifier.hpp"
#include "actors/protocol.hpp"
#include "actors/settings.hpp"
#include "actors/storage_owner.hpp"
#include "actors/sweeper.hpp"
#include "actors/uploads/dispatcher.hpp"
#include "actors/uploads/processors.hpp"
#include "actors/uploads/supervisor.hpp"
#include "base/clock.hpp"
#include "media/settings.hpp"
#include "storage/store.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mediad::actors {

/// How each part is made. What is named here is what runs in production; a test replaces the part
/// it wants to fake and leaves the others real.
struct system_makers {
  std::function<notifier_actor(caf::actor_system&, notifier_deps)> notifier = spawn_notifier;
  std::function<storage_actor(caf::actor_system&, storage_owner_deps)> storage =
    spawn_storage_owner;
  std::function<codec_pool_actor(caf::actor_system&, lane_settings, codec_pool_deps)> pool =
    spawn_codec_pool;
  std::function<codec_worker(caf::actor_system&, worker_command, input_opener)> worker =
    spawn_codec_worker;
  std::function<early_previews_actor(caf::actor_system&, early_settings, early_previews_deps)>
    early_previews = spawn_early_previews;
  std::function<processor_actor(caf::actor_system&, profile, processor_deps)> processor =
    spawn_processor;
  std::function<upload_actor(caf::actor_system&, processing_settings, upload_deps)> upload =
    spawn_upload;
  std::function<dispatcher_actor(caf::actor_system&, processing_settings, dispatcher_deps)>
    dispatcher = spawn_dispatcher;
  std::function<sweeper_actor(caf::actor_system&, sweeper_settings, storage_actor)> sweeper =
    spawn_sweeper;
  std::function<copier_actor(caf::actor_system&, copier_settings, copier_deps)> copier =
    spawn_copier;
};

struct system_deps {
  std::shared_ptr<storage::store> store; ///< Only the storage owner applies changes to it.
  std::filesystem::path worker_program;  ///< `mediad-codec`.
  media::settings media;                 ///< What jobs carry, and what workers are told.
  /// How a copy of the database is made: a program and its arguments. Empty: none is made.
  std::vector<std::string> copy_command;
  /// When the newest copy of the database was made; 0: there is none. Needed if any are made.
  std::function<unix_ms()> newest_copy;
  /// Put before each path in the frames of events: `/media`, or empty.
  std::string base_path{};
  /// Where each part registers what it counts. Never null.
  std::shared_ptr<metrics::registry> metrics = std::make_shared<metrics::registry>();
  /// Called once, from an actor's thread, when a part that everything rests on has died: the
  /// process should end and be restarted. @p who names the part.
  std::function<void(const std::string& who)> on_death;
  system_makers make;
};

/// All actors but the sessions: spawned in order, stopped in reverse.
class system {
public:
  /// Spawns everything and takes unfinished files up again.
  /// @returns the error of reading what is unfinished.
  static result<system> start(caf::actor_system& sys, settings s, system_deps deps);

  system(system&&) noexcept;
  system& operator=(system&&) noexcept;
  ~system();

  const dispatcher_actor& dispatcher() const;
  const storage_actor& storage() const;
  const notifier_actor& notifier() const;
  const codec_pool_actor& pool() const;
  /// Null if there are none.
  const early_previews_actor& early_previews() const;

  /// Has the storage's owner apply a change, and waits for it. Not from an actor's thread.
  result<storage::applied> apply(storage::change what) const;

  /// Has a file processed that is `registered`, as its results were lost.
  void take_up(const std::string& id) const;

  /// Stops supervisors, then workers, then the storage owner, and waits for each.
  void stop();

private:
  struct parts;
  explicit system(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::actors
