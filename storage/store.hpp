#pragma once

#include "base/error.hpp"
#include "storage/changes.hpp"
#include "storage/recovery/inspection.hpp"
#include "storage/settings.hpp"
#include "storage/view.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace mediad::storage {

/// Compares all that is stored, and heals what it can, beside the owner of the store: from any
/// thread, through @p hooks. See recovery/inspection.
using inspector = std::function<result<inspection_report>(const inspection_terms& terms,
                                                          const inspection_hooks& hooks)>;

/// The one writer of the database and of the folder tree. Not thread-safe: one thread owns it,
/// the same from the first apply() on (LMDB binds write transactions to their thread).
class store {
public:
  /// Checks and completes the folder tree, opens the database, and reconciles both as far as the
  /// last server can have left them apart (recovery/reconcile). It takes as long as what was under
  /// way then, whatever is stored; only if nothing says what that was (the first start of this
  /// release, a database that was put back), all is compared before. An inspection finds the rest.
  /// @returns an error that names the broken folder or file; errc::busy if another process has
  ///          this root open.
  static result<store> open(const settings& s);

  store(store&&) noexcept;
  store& operator=(store&&) noexcept;
  ~store();

  view reader() const;
  storage::inspector inspector() const;

  /// The id of the user of that name; makes the user if there is none yet. Only before the first
  /// apply().
  /// @returns errc::bad_request for a name that is_user_name() refuses.
  result<std::string> user_id(const std::string& name);

  /// Applies a group of changes in order with one LMDB commit and one sync per touched folder.
  /// Durable once it returns. A change that fails fails alone (its result says why) and leaves
  /// no trace; the others go on.
  /// @returns an error if syncing or committing failed: then nothing of the group is certain,
  ///          no answer may be sent, and the process must restart and recover.
  result<std::vector<result<applied>>> apply(std::vector<change> group);

  /// Applies a group of one.
  result<applied> apply_one(change c);

  /// Does at once what otherwise happens behind apply(): the syncs that only free what keeps a
  /// committed file safe until then. Errors as of apply().
  result<> finish_syncs() const;

  /// Ends in order: does what finish_syncs() does, and says, durably, that nothing is under way. No
  /// apply() may follow. Without it the next start looks at more.
  result<> stop();

  /// Compares all that is stored, and heals what it can, on this thread.
  result<inspection_report> inspect(const inspection_terms& terms, std::stop_token ending = {});

private:
  struct parts;
  explicit store(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

/// Makes the lists of all files anew, as an operator may want it. Not beside a running server.
/// @returns how many files there are; errc::busy if another process has this root open; not_found
///          if there is no database yet; conflict if it is of another schema.
result<std::size_t> make_lists_anew(const settings& s);

/// What is stored, without the right to change it: for a look beside a running server. Writes
/// nothing. Never in a process that has the same root open already.
/// @returns errc::not_found if there is no database yet.
result<view> open_reader(const settings& s);

} // namespace mediad::storage
