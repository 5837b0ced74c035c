#include "storage/recovery/links.hpp"

#include "base/log.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/names.hpp"

#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unordered_map>
#include <vector>

namespace mediad::storage {
namespace {

/// What should be in one folder of one user: the name, and whose it is.
using expected_links = std::unordered_map<std::string, std::string>;

struct user_links {
  expected_links originals;
  expected_links previews;
  expected_links renditions;
  expected_links archives;
};

class link_mender {
public:
  link_mender(const database& db, const lmdb::read_txn& txn, const folders& root,
              recovery_counts& counts)
    : tables_{db.table()},
      txn_{txn},
      rows_{txn, tables_},
      root_{root},
      steps_{root, tools_},
      counts_{counts} {}

  result<> run() {
    auto users = all_users();
    if (!users)
      return fail(users.error());
    for (const auto& user : *users) {
      if (auto ok = mend(user); !ok)
        return ok;
      if (auto ok = steps_.settle(); !ok)
        return ok;
    }
    return steps_.finish();
  }

private:
  result<std::set<std::string>> all_users() const;
  result<user_links> expected_of(const std::string& user) const;
  result<> mend(const std::string& user);
  result<> mend_folder(const std::string& folder, expected_links expected,
                       void (link_mender::*make)(const file_record&));
  void remove_ours(const place& what);
  void remove_ours_in(const place& folder);
  void make_original(const file_record& r);
  void make_preview(const file_record& r);
  void make_renditions(const file_record& r);
  void make_archive(const file_record& r);
  void make(const place& stored, const place& shown);

  const tables& tables_;
  const lmdb::read_txn& txn_;
  catalog_reader rows_;
  const folders& root_;
  step_tools tools_;
  file_steps steps_;
  recovery_counts& counts_;
};

result<std::set<std::string>> link_mender::all_users() const {
  std::set<std::string> users;
  const auto names = root_.names("users");
  if (!names)
    return fail(names.error());
  for (const auto& name : *names)
    if (is_user_name(name))
      users.insert(name);
  auto walk = txn_.walk(tables_.links);
  if (!walk)
    return fail(walk.error());
  auto row = walk->first();
  while (row && *row) {
    const std::string user{user_of((*row)->key)};
    users.insert(user);
    // The first key behind all of this user's: NUL is the lowest byte.
    row = walk->at_or_after(user + '\x01');
  }
  if (!row)
    return fail(row.error());
  return users;
}

result<user_links> link_mender::expected_of(const std::string& user) const {
  auto walk = txn_.walk(tables_.links);
  if (!walk)
    return fail(walk.error());
  user_links expected;
  auto row = walk->at_or_after(user_key(user, ""));
  for (; row && *row && user_of((*row)->key) == user; row = walk->next()) {
    file_record r;
    r.user = user;
    r.link_name = after_user((*row)->key);
    r.id = (*row)->value;
    const auto value = txn_.get(tables_.by_user, user_key(user, r.id));
    if (!value)
      return fail(value.error());
    const auto entry = parse_entry(*value ? **value : std::string_view{});
    if (!entry)
      return fail(entry.error());
    expected.originals.emplace(original_link(r).name, r.id);
    if (entry->has_preview)
      expected.previews.emplace(preview_link(r).name, r.id);
    if (entry->has_renditions)
      expected.renditions.emplace(renditions_link(r).name, r.id);
    if (entry->has_archive && !entry->is_spliced)
      expected.archives.emplace(archive_link(r).name, r.id);
  }
  if (!row)
    return fail(row.error());
  return expected;
}

result<> link_mender::mend(const std::string& user) {
  auto expected = expected_of(user);
  if (!expected)
    return fail(expected.error());
  if (auto ok = create_user_folders(root_, user); !ok)
    return ok;
  const auto in = [&user](std::string_view kind) {
    return user_folder(user, kind);
  };
  auto done =
    mend_folder(in("originals"), std::move(expected->originals), &link_mender::make_original);
  if (done)
    done = mend_folder(in("previews"), std::move(expected->previews), &link_mender::make_preview);
  if (done)
    done =
      mend_folder(in("renditions"), std::move(expected->renditions), &link_mender::make_renditions);
  if (done)
    done = mend_folder(in("archives"), std::move(expected->archives), &link_mender::make_archive);
  return done;
}

result<> link_mender::mend_folder(const std::string& folder, expected_links expected,
                                  void (link_mender::*make_again)(const file_record&)) {
  const auto there = root_.names(folder);
  if (!there)
    return fail(there.error());
  for (const auto& name : *there)
    if (expected.erase(name) == 0)
      remove_ours({folder, name});
  for (const auto& [name, id] : expected) {
    const auto record = rows_.find(id);
    if (!record)
      return fail(record.error());
    (this->*make_again)(*record);
  }
  return {};
}

void link_mender::remove_ours(const place& what) {
  const auto fd = root_.file(what, O_PATH);
  struct stat about {};
  if (!fd || ::fstat(fd->get(), &about) != 0)
    return;
  if (S_ISDIR(about.st_mode))
    return remove_ours_in(what);
  if (!S_ISREG(about.st_mode) || (about.st_mode & ALLPERMS) != stored_mode)
    return log::debug("storage", "left alone, as it is not ours: " + what.path());
  if (auto ok = root_.remove(what); !ok)
    return log::warning("storage", ok.error().detail);
  ++counts_.links_removed;
}

void link_mender::remove_ours_in(const place& folder) {
  const auto there = root_.names(folder.path());
  if (!there)
    return log::warning("storage", there.error().detail);
  for (const auto& name : *there)
    if (!root_.folder(folder.path() + "/" + name)) // We make none within this one.
      remove_ours({folder.path(), name});
  steps_.remove_if_empty_later(folder);
}

void link_mender::make_original(const file_record& r) {
  make(blob_place(r.sha256), original_link(r));
}

void link_mender::make_preview(const file_record& r) {
  make(preview_place(r.id), preview_link(r));
}

void link_mender::make_renditions(const file_record& r) {
  if (const auto made = steps_.make(renditions_link(r)); !made)
    return log::warning(r.id, made.error().detail);
  for (const auto& file : r.renditions)
    make({renditions_place(r.id).path(), file.name}, {renditions_link(r).path(), file.name});
}

void link_mender::make_archive(const file_record& r) {
  make(archive_place(r.id), archive_link(r));
}

void link_mender::make(const place& stored, const place& shown) {
  if (const auto made = steps_.link(stored, shown); !made)
    return log::warning("storage", made.error().detail);
  ++counts_.links_made;
}

} // namespace

result<> reconcile_links(const database& db, const folders& root, recovery_counts& counts) {
  auto txn = db.read();
  if (!txn)
    return fail(txn.error());
  return link_mender{db, *txn, root, counts}.run();
}

} // namespace mediad::storage
