#pragma once

#include "base/error.hpp"
#include "storage/tree/folders.hpp"
#include "storage/tree/paths.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mediad::storage {

/// A stored file whose name in the store is not synced yet: its name in staging, which is, stays
/// until then.
struct late_name {
  place staged;
  std::string folder; ///< The one in the store.
};

/// Syncs folders of the store behind the answers, on a thread of its own, and then removes the
/// names in staging. Uploads spread over 256 folders: a sync before each answer would be one for
/// each of them; this is one for all that came to a folder in the meantime.
class late_syncs {
public:
  /// @param root  outlives this.
  explicit late_syncs(const folders& root);
  late_syncs(const late_syncs&) = delete;
  late_syncs& operator=(const late_syncs&) = delete;
  /// Does what is left first.
  ~late_syncs();

  /// Takes names whose records are committed. Waits while too many are left to do.
  /// @returns the failure of an earlier sync, after which nothing is certain: what was still to be
  ///   done keeps its names in staging, from which the next start makes it good.
  result<> add(std::vector<late_name> names);

  /// Whether the name is (or may be) still needed.
  bool needs(const place& staged) const;

  /// Does all at once what there is to do. Errors as of add().
  result<> finish();

private:
  using named = std::unordered_map<std::string, std::string>; ///< Folders by name in staging.

  void work(const std::stop_token& ending);
  result<> sync(const named& some) const;

  const folders& root_;
  mutable std::mutex guard_;
  std::condition_variable_any changed_;
  named waiting_;
  named under_way_;
  bool hurry_ = false;
  result<> done_;
  std::jthread thread_; ///< The last member: it uses the others.
};

} // namespace mediad::storage
