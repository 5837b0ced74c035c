#include "storage/recovery/links.hpp"

#include "base/log.hpp"
#include "base/user_name.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/layout.hpp"

#include <fcntl.h>
#include <map>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unordered_map>
#include <vector>

namespace mediad::storage {
namespace {

/// What should be in one folder: each name, and the id of its file.
using expected_links = std::unordered_map<std::string, std::string>;

/// What should be in one folder of one user, in each of the four places where it is.
struct folder_links {
  expected_links originals;
  expected_links previews;
  expected_links renditions;
  expected_links archives;
  std::vector<link_row> folders;
};

/// A folder of one user's.
struct user_folder_at {
  std::string user;
  std::string user_name;
  std::string folder; ///< Id; empty: the root folder.
  std::string path;
};

/// People may have made folders within each other without end.
constexpr int max_depth = 64;

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
    for (const auto& [name, id] : *users)
      if (auto ok = mend(name, id); !ok)
        return ok;
    return steps_.finish();
  }

private:
  using users_by_name = std::map<std::string, std::string>; ///< Name and id.
  result<users_by_name> all_users() const;
  result<folder_links> expected_in(const user_folder_at& at) const;
  result<> mend(const std::string& name, const std::string& id);
  result<> mend(const user_folder_at& at, folder_links& expected);
  result<> mend_folder(const std::string& folder, expected_links expected,
                       const std::vector<link_row>& folders,
                       void (link_mender::*make)(const file_record&));
  void remove_ours(const place& what, int depth = 0);
  void remove_ours_in(const place& folder, int depth);
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

/// The known users, and any other that has a folder: nothing of ours should be in that one.
result<link_mender::users_by_name> link_mender::all_users() const {
  users_by_name users;
  const auto names = root_.names("users");
  if (!names)
    return fail(names.error());
  for (const auto& name : *names)
    if (is_user_name(name))
      users[name];
  auto walk = txn_.walk(tables_.users);
  if (!walk)
    return fail(walk.error());
  auto row = walk->first();
  for (; row && *row; row = walk->next()) {
    const auto user = parse_user((*row)->key, (*row)->value);
    if (!user)
      return fail(user.error());
    users[user->name] = user->id;
  }
  if (!row)
    return fail(row.error());
  return users;
}

result<folder_links> link_mender::expected_in(const user_folder_at& at) const {
  folder_links expected;
  if (at.user.empty())
    return expected;
  auto walk = txn_.walk(tables_.links);
  if (!walk)
    return fail(walk.error());
  const auto names = folder_key(at.user, at.folder);
  auto row = walk->at_or_after(names);
  for (; row && *row && (*row)->key.substr(0, names.size()) == names; row = walk->next()) {
    auto link = parse_link((*row)->value);
    if (!link)
      return fail(link.error());
    if (link->is_folder) {
      expected.folders.push_back(std::move(*link));
      continue;
    }
    file_record r;
    r.user_name = at.user_name;
    r.link_name = link->name;
    r.id = link->id;
    const auto value = txn_.get(tables_.by_user, user_key(at.user, r.id));
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

/// Folder after folder, from the root folder down.
result<> link_mender::mend(const std::string& name, const std::string& id) {
  std::vector<user_folder_at> open{{id, name, {}, {}}};
  while (!open.empty()) {
    const auto at = std::move(open.back());
    open.pop_back();
    auto expected = expected_in(at);
    if (!expected)
      return fail(expected.error());
    if (auto ok = mend(at, *expected); !ok)
      return ok;
    for (auto& f : expected->folders)
      open.push_back({at.user, at.user_name, std::move(f.id),
                      at.path.empty() ? f.name : at.path + "/" + f.name});
    if (auto ok = steps_.settle(); !ok)
      return ok;
  }
  return {};
}

result<> link_mender::mend(const user_folder_at& at, folder_links& expected) {
  // The folder of an unknown user is only looked at.
  if (!at.user.empty())
    if (auto ok = create_user_folders(root_, at.user_name, at.path); !ok)
      return ok;
  const auto in = [&at](std::string_view kind) {
    return user_folder(at.user_name, kind, at.path);
  };
  const auto& folders = expected.folders;
  auto done = mend_folder(in("originals"), std::move(expected.originals), folders,
                          &link_mender::make_original);
  if (done)
    done = mend_folder(in("previews"), std::move(expected.previews), folders,
                       &link_mender::make_preview);
  if (done)
    done = mend_folder(in("renditions"), std::move(expected.renditions), folders,
                       &link_mender::make_renditions);
  if (done)
    done = mend_folder(in("archives"), std::move(expected.archives), folders,
                       &link_mender::make_archive);
  return done;
}

result<> link_mender::mend_folder(const std::string& folder, expected_links expected,
                                  const std::vector<link_row>& folders,
                                  void (link_mender::*make_again)(const file_record&)) {
  std::set<std::string_view> kept;
  for (const auto& f : folders)
    kept.insert(f.name);
  const auto there = root_.names(folder);
  if (!there)
    return there.error().code == errc::not_found ? result<>{} : fail(there.error());
  for (const auto& name : *there)
    if (expected.erase(name) == 0 && !kept.contains(name))
      remove_ours({folder, name});
  for (const auto& [name, id] : expected) {
    const auto record = rows_.find(id);
    if (!record)
      return fail(record.error());
    (this->*make_again)(*record);
  }
  return {};
}

void link_mender::remove_ours(const place& what, int depth) {
  const auto fd = root_.file(what, O_PATH);
  struct stat about {};
  if (!fd || ::fstat(fd->get(), &about) != 0)
    return;
  if (S_ISDIR(about.st_mode))
    return remove_ours_in(what, depth + 1);
  if (!S_ISREG(about.st_mode) || (about.st_mode & ALLPERMS) != stored_mode)
    return log::debug("storage", "left alone, as it is not ours: " + what.path());
  if (auto ok = root_.remove(what); !ok)
    return log::warning("storage", ok.error().detail);
  ++counts_.links_removed;
}

void link_mender::remove_ours_in(const place& folder, int depth) {
  const auto there = root_.names(folder.path());
  if (!there)
    return log::warning("storage", there.error().detail);
  for (const auto& name : *there)
    if (depth < max_depth)
      remove_ours({folder.path(), name}, depth);
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
