#include "storage/group_commit.hpp"

#include "base/log.hpp"
#include "storage/rules/changer.hpp"
#include "storage/view.hpp"

#include <string>
#include <utility>

namespace mediad::storage {
namespace {

constexpr std::chrono::minutes reader_check_interval{1};
constexpr std::size_t trimmed_per_change = 4;

} // namespace

group_commit::group_commit(settings s, std::shared_ptr<const folders> root,
                           std::shared_ptr<database> db)
  : settings_{std::move(s)}, root_{std::move(root)}, db_{std::move(db)}, late_{*root_} {
  tools_.late = &late_;
}

void group_commit::look_after_readers() {
  const auto now = std::chrono::steady_clock::now();
  if (now - readers_checked_ < reader_check_interval)
    return;
  readers_checked_ = now;
  if (const auto dead = db_->check_readers(); !dead)
    log::error("storage", dead.error());
  else if (*dead > 0)
    log::warning("storage", std::to_string(*dead) + " readers of the database had died");
}

bool group_commit::has_room() const {
  const auto bytes = view{db_, root_}.free_bytes();
  return bytes && *bytes >= settings_.min_free_bytes && !db_->is_full() && db_->reserve();
}

result<applied> group_commit::apply_one(lmdb::write_txn& txn, file_steps& steps,
                                        const change_context& context, const change& c) const {
  changer one{context, catalog{txn, db_->table()}, steps, now_ms()};
  return std::visit(one, c);
}

result<applied> group_commit::apply_alone(lmdb::write_txn& group, file_steps& steps,
                                          const change_context& context,
                                          const change& wanted) const {
  auto txn = group.child();
  if (!txn)
    return fail(txn.error());
  const auto before = steps.here();
  auto done = apply_one(*txn, steps, context, wanted);
  if (done)
    if (auto joined = std::move(*txn).commit(); !joined)
      done = fail(joined.error());
  if (!done)
    steps.roll_back(before);
  return done;
}

// Not worth failing for: the next group trims again.
void group_commit::trim(lmdb::write_txn& group, std::size_t changes) {
  auto txn = group.child();
  if (!txn)
    return;
  auto done =
    catalog{*txn, db_->table()}.trim_events(settings_.keep_events, trimmed_per_change * changes);
  if (done)
    done = std::move(*txn).commit();
  if (!done)
    log::warning("storage", "old events are not trimmed: " + done.error().detail);
}

result<std::optional<std::vector<result<applied>>>>
group_commit::apply_all(const std::vector<change>& group, bool each_alone) {
  const change_context context{*root_, settings_, has_room()};
  auto txn = db_->write();
  if (!txn)
    return fail(txn.error());
  file_steps steps{*root_, tools_};
  std::vector<result<applied>> results;
  results.reserve(group.size());
  for (const auto& c : group) {
    if (auto ok = steps.settle(); !ok)
      return fail(ok.error());
    results.push_back(each_alone ? apply_alone(*txn, steps, context, c)
                                 : apply_one(*txn, steps, context, c));
    if (!results.back() && !each_alone) {
      steps.roll_back({});
      return std::optional<std::vector<result<applied>>>{};
    }
  }
  trim(*txn, group.size());
  if (auto ok = steps.sync(); !ok)
    return fail(ok.error());
  if (auto ok = std::move(*txn).commit(); !ok) {
    if (ok.error().code != errc::storage_full)
      return fail(ok.error());
    // Nothing of it happened, so this can be taken back and the service goes on.
    steps.roll_back({});
    for (auto& r : results)
      if (r)
        r = fail(ok.error());
    return results;
  }
  if (auto ok = steps.finish(); !ok)
    return fail(ok.error());
  return results;
}

/// The group is over: nothing of it is under way any more.
void group_commit::forget_notes() const {
  if (tools_.notes == nullptr)
    return;
  auto txn = db_->read();
  const auto newest = txn ? catalog_reader{*txn, db_->table()}.last_seq() : fail(txn.error());
  if (newest)
    tools_.notes->new_group(*newest);
}

result<std::vector<result<applied>>> group_commit::apply(std::vector<change> group) {
  look_after_readers();
  // To let a change fail alone takes a nested transaction for each, and LMDB allocates 3 MiB for
  // that: only a group in which one has failed is applied that way, from the beginning.
  auto done = apply_all(group, false);
  if (done && !*done)
    done = apply_all(group, true);
  is_sound_ = is_sound_ && done;
  if (!done)
    return fail(done.error());
  forget_notes();
  return std::move(**done);
}

result<> group_commit::finish_syncs() {
  return late_.finish();
}

} // namespace mediad::storage
