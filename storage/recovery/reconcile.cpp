#include "storage/recovery/reconcile.hpp"

#include "base/log.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/recovery/leftovers.hpp"
#include "storage/recovery/lists.hpp"
#include "storage/recovery/renames.hpp"
#include "storage/recovery/uploads.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace mediad::storage {
namespace {

// What a power cut may have taken from people's folders is as old as the kernel lets unwritten
// names become: half a minute. The number bounds the start.
constexpr unix_ms unsynced_time = 60'000;
constexpr std::uint64_t max_newest_events = 4'000;

class reconciler {
public:
  reconciler(database& db, const folders& root, const std::optional<noted_steps>& noted)
    : db_{db}, root_{root}, noted_{noted} {}

  result<first_look> run() {
    auto done = judge_notes();
    if (done && found_.is_strange)
      done = refuse_outdated_database();
    if (done)
      done = look_into_staging();
    if (done)
      done = complete_tables(db_);
    if (done)
      done = complete_lists(db_);
    if (done)
      done = finish_renames();
    if (done && !has_stopped_)
      done = add_newest();
    if (!done)
      return fail(done.error());
    for (const auto& where : touched_)
      found_.paths.push_back(where.path());
    return std::move(found_);
  }

private:
  result<> judge_notes();
  result<> refuse_outdated_database() const;
  result<> look_into_staging();
  result<> make_good_late_names(const std::vector<std::string>& arrived);
  result<> finish_renames();
  result<> add_newest();
  result<> add_places(const file_record& r);

  database& db_;
  const folders& root_;
  const std::optional<noted_steps>& noted_;
  bool has_stopped_ = false;
  std::vector<place> touched_;
  first_look found_;
};

result<> reconciler::judge_notes() {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  const auto newest = catalog_reader{*txn, db_.table()}.last_seq();
  if (!newest)
    return fail(newest.error());
  found_.is_strange = !noted_ || noted_->seq > *newest;
  if (!noted_)
    return {};
  // A release without notes may have run in between.
  has_stopped_ = noted_->has_stopped && noted_->seq == *newest;
  touched_ = noted_->places;
  return {};
}

/// An outdated database would take all that is newer for leftovers.
result<> reconciler::refuse_outdated_database() const {
  const auto unknown = find_unknown_blobs(db_, root_, [] { return result<>{}; });
  if (!unknown)
    return fail(unknown.error());
  return unknown->count > max_leftover_blobs ? fail(outdated(root_, unknown->count)) : result<>{};
}

/// Every record that waits for bytes has a name in staging, which is synced before the record is
/// committed, and so has every file that has only just arrived (late_syncs). An operator may
/// have removed the name of an upload that can be resumed: those that expire are in a table of
/// their own.
result<> reconciler::look_into_staging() {
  const auto staged = root_.names(staging_folder);
  if (!staged)
    return fail(staged.error());
  std::set<std::string> names(staged->begin(), staged->end());
  std::vector<std::string> receiving;
  std::vector<std::string> arrived;
  {
    auto txn = db_.read();
    if (!txn)
      return fail(txn.error());
    const catalog_reader rows{*txn, db_.table()};
    auto open = rows.expired(std::numeric_limits<unix_ms>::max(), SIZE_MAX);
    if (!open)
      return fail(open.error());
    for (auto& id : *open)
      names.insert(std::move(id));
    for (const auto& id : names) {
      const auto record = rows.find(id);
      if (!record && record.error().code != errc::not_found)
        return fail(record.error());
      if (record && record->state == status::receiving)
        receiving.push_back(id);
      else if (record && root_.exists(staging_place(id)))
        arrived.push_back(id);
    }
  }
  auto kept = reconcile_uploads(db_, root_, receiving);
  if (!kept)
    return fail(kept.error());
  found_.resumable = std::move(*kept);
  found_.counts.cut_short = receiving.size() - found_.resumable.size();
  return make_good_late_names(arrived);
}

/// What is in staging under the name of a registered file may be all that a power cut has left of
/// it (see late_syncs): it goes into the store once more, and for good.
result<> reconciler::make_good_late_names(const std::vector<std::string>& arrived) {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_.table()};
  step_tools tools;
  file_steps steps{root_, tools};
  for (const auto& id : arrived) {
    const auto record = rows.find(id);
    if (!record)
      return fail(record.error());
    const auto stored = blob_place(record->sha256);
    auto done = steps.link(staging_place(id), stored);
    if (done)
      done = steps.sync_too(stored.folder);
    if (done)
      done = steps.settle();
    if (!done)
      return done;
    if (has_names(*record))
      touched_.push_back(original_link(*record));
  }
  return steps.sync();
}

result<> reconciler::finish_renames() {
  const auto renamed = reconcile_renames(db_, root_, touched_);
  if (!renamed)
    return fail(renamed.error());
  found_.counts.renamed = *renamed;
  return {};
}

/// People's folders are not synced. The newest events name the files whose names there a power cut
/// may have taken, and the removed ones whose names may have come back.
result<> reconciler::add_newest() {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_.table()};
  auto walk = txn->walk(db_.table().events);
  if (!walk)
    return fail(walk.error());
  std::set<std::string> seen;
  unix_ms newest = 0;
  auto row = walk->last();
  for (std::uint64_t n = 0; row && *row && n < max_newest_events; row = walk->previous(), ++n) {
    auto e = parse_event((*row)->key, (*row)->value);
    if (!e)
      return fail(e.error());
    newest = std::max(newest, e->at);
    if (e->at < newest - unsynced_time)
      break;
    if (e->file.id.empty() || !seen.insert(e->file.id).second)
      continue;
    auto now = rows.find(e->file.id);
    if (!now && now.error().code != errc::not_found)
      return fail(now.error());
    // Its folder may be gone, too: then an inspection finds what is left of it.
    if (!now && !rows.add_names(e->file))
      continue;
    if (auto ok = add_places(now ? *now : e->file); !ok)
      log::warning(e->file.id, ok.error().detail);
  }
  return row ? result<>{} : fail(row.error());
}

result<> reconciler::add_places(const file_record& record) {
  touched_.push_back(blob_place(record.sha256));
  if (has_names(record))
    touched_.push_back(original_link(record));
  const auto made = made_places(record);
  if (!made)
    return fail(made.error());
  if (!record.renditions.empty() && has_names(record))
    touched_.push_back(renditions_link(record));
  for (const auto& one : *made) {
    if (one.shown)
      touched_.push_back(*one.shown);
    touched_.push_back(one.stored);
  }
  return {};
}

} // namespace

result<> refuse_store_without_database(const folders& root) {
  if (root.exists({"system/db", "data.mdb"}))
    return {};
  for (unsigned i = 0; i < shard_count; ++i) {
    const auto names = root.names("store/blobs/" + shard_name(i));
    if (!names)
      return fail(names.error());
    if (!names->empty())
      return fail(errc::conflict, "there are files in " + (root.path() / "store/blobs").string()
                                    + " but no database: restore it into "
                                    + (root.path() / "system/db").string()
                                    + ", or move the store away");
  }
  return {};
}

result<> empty_system(const folders& root, first_look& found) {
  for (const std::string folder : {staging_folder, work_folder, "system/trash"}) {
    const auto names = root.names(folder);
    if (!names)
      return fail(names.error());
    for (const auto& name : *names) {
      if (folder == staging_folder && found.resumable.contains(name))
        continue;
      ++found.counts.leftovers;
      if (auto ok = root.remove({folder, name}); !ok)
        log::warning("storage", ok.error().detail);
    }
  }
  return {};
}

result<first_look> reconcile(database& db, const folders& root,
                             const std::optional<noted_steps>& noted) {
  return reconciler{db, root, noted}.run();
}

} // namespace mediad::storage
