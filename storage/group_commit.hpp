#pragma once

#include "base/error.hpp"
#include "storage/catalog/database.hpp"
#include "storage/changes.hpp"
#include "storage/settings.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/folders.hpp"
#include "storage/tree/late_syncs.hpp"
#include "storage/tree/step_notes.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace mediad::storage {

struct change_context; // storage/rules/changer.hpp

/// Where changes become durable: a group of them shares one transaction of the database and one
/// sync of each folder. The steps on files come first, their sync next, the database's commit last.
class group_commit {
public:
  group_commit(settings s, std::shared_ptr<const folders> root, std::shared_ptr<database> db);
  group_commit(const group_commit&) = delete;
  group_commit& operator=(const group_commit&) = delete;

  /// Does what store::apply promises.
  result<std::vector<result<applied>>> apply(std::vector<change> group);

  /// From now on the steps of each group are noted first.
  void note_in(step_notes& notes) {
    tools_.notes = &notes;
  }

  /// Whether every group so far was applied or refused, as its caller was told.
  bool is_sound() const {
    return is_sound_;
  }

  /// Does what store::finish_syncs promises.
  result<> finish_syncs();

private:
  void look_after_readers();
  bool has_room() const;
  void forget_notes() const;
  /// @returns nothing, and no trace, if @p each_alone is false and a change failed.
  result<std::optional<std::vector<result<applied>>>> apply_all(const std::vector<change>& group,
                                                                bool each_alone);
  result<applied> apply_one(lmdb::write_txn& txn, file_steps& steps, const change_context& context,
                            const change& c) const;
  result<applied> apply_alone(lmdb::write_txn& group, file_steps& steps,
                              const change_context& context, const change& c) const;
  void trim(lmdb::write_txn& group, std::size_t changes);

  settings settings_;
  std::shared_ptr<const folders> root_;
  std::shared_ptr<database> db_;
  step_tools tools_;
  late_syncs late_;
  bool is_sound_ = true;
  std::chrono::steady_clock::time_point readers_checked_ = std::chrono::steady_clock::now();
};

} // namespace mediad::storage
