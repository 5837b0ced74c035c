#include "storage/restore/quarantine.hpp"

#include "base/file.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/paths.hpp"

#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>

namespace mediad::storage {
namespace {

constexpr const char* quarantine_folder = "system/quarantine";

class quarantine {
public:
  quarantine(const catalog_reader& rows, const folders& root, restore_summary& summary)
    : rows_{rows}, root_{root}, summary_{summary} {}

  result<> take(const place& what);
  result<> take_blobs(const std::vector<found_blob>& blobs);
  result<> take_staged();
  result<> take_notes();
  result<> sync() const;

private:
  const catalog_reader& rows_;
  const folders& root_;
  restore_summary& summary_;
  std::set<std::string> left_; ///< Folders from which something was taken.
};

result<> quarantine::take(const place& what) {
  auto name = what.name;
  // What is there already has come from an earlier restore.
  if (root_.exists({quarantine_folder, name}))
    name += "." + make_ulid();
  if (auto ok = root_.rename(what, {quarantine_folder, name}); !ok)
    return ok;
  left_.insert(what.folder);
  ++summary_.set_aside;
  return {};
}

result<> quarantine::take_blobs(const std::vector<found_blob>& blobs) {
  for (const auto& blob : blobs) {
    const auto known = rows_.find_blob(blob.where.name);
    if (!known)
      return fail(known.error());
    if (*known)
      continue;
    if (auto ok = take(blob.where); !ok)
      return ok;
  }
  return {};
}

/// A body with a second name is in the store: that name was taken care of.
result<> quarantine::take_staged() {
  const auto ids = root_.names(staging_folder);
  if (!ids)
    return fail(ids.error());
  for (const auto& id : *ids) {
    const auto record = rows_.find(id);
    if (!record && record.error().code != errc::not_found)
      return fail(record.error());
    const auto fd = root_.file(staging_place(id), O_PATH);
    struct stat about {};
    if (record || !fd || ::fstat(fd->get(), &about) != 0 || !S_ISREG(about.st_mode)
        || about.st_size == 0 || about.st_nlink > 1)
      continue;
    if (auto ok = take(staging_place(id)); !ok)
      return ok;
  }
  return {};
}

/// By their numbers, the next start would finish or take back renamings, of which this database
/// does not know what became: the folders' names are those that they had now.
result<> quarantine::take_notes() {
  const auto names = root_.names(work_folder);
  if (!names)
    return fail(names.error());
  for (const auto& name : *names)
    if (number_of_note(name))
      if (auto ok = take({work_folder, name}); !ok)
        return ok;
  return {};
}

/// A power cut must not bring back what was taken: a start would remove it from there.
result<> quarantine::sync() const {
  if (left_.empty())
    return {};
  if (auto ok = sync_directory(root_.path() / quarantine_folder); !ok)
    return ok;
  for (const auto& folder : left_)
    if (auto ok = sync_directory(root_.path() / folder); !ok)
      return ok;
  return {};
}

} // namespace

result<> set_aside(const database& db, const folders& root, const survey& found,
                   restore_summary& summary) {
  auto txn = db.read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db.table()};
  quarantine kept{rows, root, summary};
  auto done = kept.take_blobs(found.blobs);
  if (done)
    done = kept.take_staged();
  if (done)
    done = kept.take_notes();
  for (const auto& name : found.unreadable)
    if (done)
      done = kept.take(name);
  summary.unreadable = found.unreadable.size();
  return done ? kept.sync() : done;
}

} // namespace mediad::storage
