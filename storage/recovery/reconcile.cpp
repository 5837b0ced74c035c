#include "storage/recovery/reconcile.hpp"

#include "base/log.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/recovery/links.hpp"
#include "storage/recovery/renames.hpp"
#include "storage/recovery/uploads.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/names.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace mediad::storage {
namespace {

// One group of changes at the crash leaves fewer; a lost or outdated database leaves more.
constexpr std::size_t max_leftover_blobs = 1024;
constexpr std::size_t max_named = 10;

struct known_file {
  std::string id;
  catalog_entry entry;
  unsigned shard = 0;
};

struct shard_difference {
  std::vector<std::string> unknown; ///< Names on disk only.
  std::vector<std::string> missing; ///< Names in the database only.
};

/// Compares two sorted lists.
shard_difference compare(const std::vector<std::string>& there,
                         const std::vector<std::string>& expected) {
  shard_difference d;
  std::set_difference(there.begin(), there.end(), expected.begin(), expected.end(),
                      std::back_inserter(d.unknown));
  std::set_difference(expected.begin(), expected.end(), there.begin(), there.end(),
                      std::back_inserter(d.missing));
  return d;
}

class reconciler {
public:
  reconciler(database& db, const folders& root) : db_{db}, root_{root} {}

  result<> run() {
    auto done = read_catalog();
    if (done)
      done = drop_receiving();
    if (done)
      done = make_good_late_names();
    if (done)
      done = finish_renames();
    for (const auto* folder : {staging_folder, "system/work", "system/trash"})
      if (done)
        done = empty(folder);
    if (done)
      done = reconcile_links(db_, root_, counts_);
    if (done)
      done = compare_blobs();
    if (done)
      done = compare_derived();
    if (done)
      log_counts(files_.size(), counts_);
    return done;
  }

private:
  result<> read_catalog();
  result<> drop_receiving();
  result<> make_good_late_names();
  result<> finish_renames();
  result<> empty(const std::string& folder);
  result<> compare_blobs();
  result<std::vector<std::string>> blobs_of_shard(const std::string& shard) const;
  result<> compare_derived();
  result<> compare_shard(std::string_view kind, unsigned shard, std::vector<std::string> expected);
  void report_missing(const place& what);

  database& db_;
  const folders& root_;
  std::vector<known_file> files_; ///< Sorted by shard, then by id.
  std::vector<std::string> receiving_;
  std::set<std::string> resumable_; ///< Those of receiving_ that are kept.
  recovery_counts counts_;
};

result<> reconciler::read_catalog() {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  auto walk = txn->walk(db_.table().by_user);
  if (!walk)
    return fail(walk.error());
  auto row = walk->first();
  for (; row && *row; row = walk->next()) {
    const std::string id{after_user((*row)->key)};
    const auto entry = parse_entry((*row)->value);
    if (!entry || !is_ulid(id))
      return fail(errc::internal, "damaged row in table by_user");
    if (entry->state == status::receiving)
      receiving_.push_back(id);
    else
      files_.push_back({id, *entry, shard_of_id(id)});
  }
  if (!row)
    return fail(row.error());
  std::sort(files_.begin(), files_.end(), [](const known_file& a, const known_file& b) {
    return a.shard != b.shard ? a.shard < b.shard : a.id < b.id;
  });
  return {};
}

result<> reconciler::drop_receiving() {
  auto kept = reconcile_uploads(db_, root_, receiving_);
  if (!kept)
    return fail(kept.error());
  resumable_ = std::move(*kept);
  counts_.cut_short = receiving_.size() - resumable_.size();
  return reconcile_counts(db_);
}

/// What is in staging under the name of a registered file may be all that a power cut has left of
/// it (see late_syncs): it goes into the store once more, and for good.
result<> reconciler::make_good_late_names() {
  const auto names = root_.names(staging_folder);
  if (!names)
    return fail(names.error());
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_.table()};
  step_tools tools;
  file_steps steps{root_, tools};
  for (const auto& id : *names) {
    const auto record = rows.find(id);
    if (!record && record.error().code != errc::not_found)
      return fail(record.error());
    if (!record || record->state == status::receiving)
      continue;
    const auto stored = blob_place(record->sha256);
    auto done = steps.link(staging_place(id), stored);
    if (done)
      done = steps.sync_too(stored.folder);
    if (done)
      done = steps.settle();
    if (!done)
      return done;
  }
  return steps.sync();
}

result<> reconciler::finish_renames() {
  const auto renamed = reconcile_renames(db_, root_);
  if (!renamed)
    return fail(renamed.error());
  counts_.renamed = *renamed;
  return {};
}

result<> reconciler::empty(const std::string& folder) {
  const auto names = root_.names(folder);
  if (!names)
    return fail(names.error());
  for (const auto& name : *names) {
    if (folder == staging_folder && resumable_.contains(name))
      continue;
    ++counts_.leftovers;
    if (auto ok = root_.remove({folder, name}); !ok)
      log::warning("storage", ok.error().detail);
  }
  return {};
}

result<std::vector<std::string>> reconciler::blobs_of_shard(const std::string& shard) const {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  auto walk = txn->walk(db_.table().blobs);
  if (!walk)
    return fail(walk.error());
  std::vector<std::string> names;
  auto row = walk->at_or_after(shard);
  for (; row && *row && (*row)->key.substr(0, shard.size()) == shard; row = walk->next())
    names.emplace_back((*row)->key);
  if (!row)
    return fail(row.error());
  return names;
}

result<> reconciler::compare_blobs() {
  std::vector<place> unknown;
  for (unsigned i = 0; i < shard_count; ++i) {
    const auto shard = shard_name(i);
    const auto folder = "store/blobs/" + shard;
    const auto there = root_.names(folder);
    if (!there)
      return fail(there.error());
    const auto expected = blobs_of_shard(shard);
    if (!expected)
      return fail(expected.error());
    const auto difference = compare(*there, *expected);
    for (const auto& name : difference.unknown)
      unknown.push_back({folder, name});
    for (const auto& name : difference.missing)
      report_missing({folder, name});
  }
  if (unknown.size() > max_leftover_blobs)
    return fail(errc::conflict,
                std::to_string(unknown.size()) + " files in "
                  + (root_.path() / "store/blobs").string()
                  + " are unknown to the database, more than a crash leaves: restore the newer "
                    "database into system/db, or move them away");
  for (const auto& blob : unknown)
    if (auto ok = root_.remove(blob); !ok)
      log::warning("storage", ok.error().detail);
  counts_.leftovers += unknown.size();
  return {};
}

result<> reconciler::compare_derived() {
  auto next = files_.begin();
  for (unsigned shard = 0; shard < shard_count; ++shard) {
    std::vector<std::string> previews;
    std::vector<std::string> renditions;
    std::vector<std::string> archives;
    for (; next != files_.end() && next->shard == shard; ++next) {
      if (next->entry.has_preview)
        previews.push_back(preview_place(next->id).name);
      if (next->entry.has_renditions)
        renditions.push_back(renditions_place(next->id).name);
      if (next->entry.has_archive)
        archives.push_back(archive_place(next->id).name);
    }
    auto done = compare_shard("previews", shard, std::move(previews));
    if (done)
      done = compare_shard("renditions", shard, std::move(renditions));
    if (done)
      done = compare_shard("archives", shard, std::move(archives));
    if (!done)
      return done;
  }
  return {};
}

result<> reconciler::compare_shard(std::string_view kind, unsigned shard,
                                   std::vector<std::string> expected) {
  const auto folder = "store/" + std::string{kind} + "/" + shard_name(shard);
  const auto there = root_.names(folder);
  if (!there)
    return fail(there.error());
  const auto difference = compare(*there, expected);
  for (const auto& name : difference.missing)
    report_missing({folder, name});
  for (const auto& name : difference.unknown)
    if (auto ok = root_.remove({folder, name}); !ok)
      log::warning("storage", ok.error().detail);
  counts_.leftovers += difference.unknown.size();
  return {};
}

void reconciler::report_missing(const place& what) {
  if (++counts_.missing <= max_named)
    log::error("storage", "a stored file is missing: " + (root_.path() / what.path()).string());
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

result<> reconcile(database& db, const folders& root) {
  return reconciler{db, root}.run();
}

} // namespace mediad::storage
