#pragma once

#include "storage/copies/copies.hpp"
#include "storage/restore/restore.hpp"
#include "tests/storage/scene.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace mediad::tests {

namespace fs = std::filesystem;

/// A store whose database is copied, goes on, and is then lost.
struct restore_fixture : scene {
  storage::database_copy copy() {
    store.reset();
    auto made = storage::make_copy(settings).value();
    open();
    return made;
  }

  /// Restores the database after @p meanwhile, and starts again.
  storage::restore_summary restore(
    const std::function<void()>& meanwhile = [] {}, const std::string& named = {}) {
    store.reset();
    meanwhile();
    auto done = storage::restore_database(settings, named).value();
    open();
    return done;
  }

  /// tree() without what a restore leaves on purpose.
  std::set<std::string> files() const {
    auto all = tree();
    std::erase_if(all, [](const std::string& name) {
      return name.starts_with("system/copies/") || name.starts_with("system/db.broken-");
    });
    return all;
  }

  /// The file that has this link in the user's root folder.
  std::optional<file_record> find_named(const std::string& user, const std::string& link) const {
    storage::list_query all;
    all.user = id_of(user);
    all.limit = 500;
    for (auto& r : reader().list(all).value().files)
      if (r.link_name == link && r.folder.empty())
        return std::move(r);
    return std::nullopt;
  }
};

} // namespace mediad::tests
