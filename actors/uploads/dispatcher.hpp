#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <string>
#include <vector>

namespace mediad::actors {

struct dispatcher_deps {
  storage_actor storage;
  /// Spawns one supervisor. Tests pass a fake here.
  std::function<upload_actor()> make_upload;
  /// `view::find`, or a fake.
  std::function<result<file_record>(const std::string& id)> find;
  /// Ids to take up again, oldest first: `view::unfinished`. At most half of max_backlog at once.
  std::vector<std::string> unfinished;
};

/// Keeps one supervisor per unfinished file. While there are max_backlog of them or more, only
/// users who have less than an equal share are admitted; after a start, users' files are taken up
/// in turn. A supervisor that dies is rebuilt once from its record; when that one dies too, the
/// file ends as failed.
dispatcher_actor spawn_dispatcher(caf::actor_system& sys, processing_settings settings,
                                  dispatcher_deps deps);

} // namespace mediad::actors
