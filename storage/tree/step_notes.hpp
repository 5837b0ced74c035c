#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "storage/tree/folders.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mediad::storage {

/// What the last server that ran on a root has left in its notes.
struct noted_steps {
  bool has_stopped = false; ///< It ended in order: nothing was under way.
  /// Number of the newest event after the last group that ended: a database that has fewer is an
  /// older one.
  std::uint64_t seq = 0;
  std::vector<place> places; ///< What the last group may have touched.
};

/// The file `system/steps`: whether a server runs, and which places outside of `system` the group
/// of changes under way touches. Each is noted before it is touched, so that a start after a kill
/// need look nowhere else. Notes are not synced, as that would cost a sync for each group: what a
/// power cut takes from them, the comparison behind the start finds (recovery/inspection).
class step_notes {
public:
  /// @returns nothing if there are no notes, or none that can be read.
  static result<std::optional<noted_steps>> read(const folders& root);

  /// Removes the notes, durably: the next start has to compare everything.
  static result<> forget(const folders& root);

  /// Says, durably, that a server runs from now on. Must come before the first change.
  /// @param seq  number of the newest event.
  static result<step_notes> begin(const folders& root, std::uint64_t seq);

  /// Forgets what was noted: the group has ended.
  /// @param seq  number of the newest event by now.
  void new_group(std::uint64_t seq);

  /// Notes that @p what is about to be touched. If the disk refuses, that is logged once, and the
  /// step may go on all the same.
  void add(const place& what);

  /// Says, durably, that the server ends in order.
  result<> stop(std::uint64_t seq);

private:
  explicit step_notes(unique_fd file) : file_{std::move(file)} {}
  result<> write_head(bool has_stopped, std::uint64_t seq);
  void give_up(const error& why);

  unique_fd file_;
  std::uint64_t end_ = 0;  ///< Offset at which the next place is written.
  bool is_broken_ = false; ///< This group's places cannot be noted any more.
  bool has_warned_ = false;
};

} // namespace mediad::storage
