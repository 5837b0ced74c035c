#include "base/log.hpp"
#include "base/user_name.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/recovery/inspection_run.hpp"
#include "storage/recovery/leftovers.hpp"
#include "storage/recovery/some_rows.hpp"
#include "storage/tree/layout.hpp"

#include <utility>

/// From the disk to the rows: what no row promises.
namespace mediad::storage {
namespace {

/// A user's name, and the path of one of the user's folders.
using person_folder = std::pair<std::string, std::string>;

/// Some folders whose ids follow @p after, which is moved on.
/// @param is_root  the root folders of users, or all others.
result<std::vector<person_folder>> folders_after(const database& db, bool is_root,
                                                 std::string& after) {
  constexpr std::size_t at_once = 256;
  std::vector<person_folder> some;
  const auto add = [&](const lmdb::read_txn& txn, std::string_view id,
                       std::string_view) -> result<> {
    const catalog_reader rows{txn, db.table()};
    std::string owner{id};
    if (!is_root) {
      const auto folder = rows.find_folder(id);
      if (!folder)
        return fail(folder.error());
      owner = folder->user;
    }
    const auto user = rows.find_user(owner);
    const auto path = is_root ? result<std::string>{std::string{}} : rows.folder_path(id);
    if (!user || !path)
      return fail(user ? path.error() : user.error());
    some.emplace_back(user->name, *path);
    return {};
  };
  const auto table = is_root ? db.table().users : db.table().folders;
  if (const auto visited = visit_some(db, table, after, at_once, add); !visited)
    return fail(visited.error());
  return some;
}

} // namespace

result<> inspection_run::compare_blobs() {
  const auto unknown = find_unknown_blobs(db_, root_, [this] { return look(); });
  if (!unknown)
    return fail(unknown.error());
  if (unknown->count > max_leftover_blobs) {
    report_.unknown_blobs = unknown->count;
    log::error("storage", outdated(root_, unknown->count));
    return {};
  }
  for (const auto& blob : unknown->first)
    if (auto ok = mend_later(blob); !ok)
      return ok;
  return mend();
}

result<> inspection_run::compare_shards() {
  for (const auto* kind : {"previews", "renditions", "archives"})
    for (unsigned i = 0; i < shard_count; ++i) {
      std::vector<std::pair<std::string, std::size_t>> none;
      if (auto ok = compare_folder("store/" + std::string{kind} + "/" + shard_name(i), 0, none);
          !ok)
        return ok;
    }
  return mend();
}

/// The folders of all users, and of those that no row knows: nothing of ours should be in these.
result<> inspection_run::compare_people() {
  std::vector<std::pair<std::string, std::size_t>> open;
  const auto add_users = [&](const std::vector<std::string>& names) -> result<> {
    for (const auto& name : names)
      if (is_user_name(name))
        for (const auto kind : user_folders)
          open.emplace_back(user_folder(name, kind), 0);
    return {};
  };
  if (auto ok = root_.list("users", add_users); !ok)
    return ok;
  while (!open.empty()) {
    const auto [folder, depth] = std::move(open.back());
    open.pop_back();
    if (auto ok = compare_folder(folder, depth, open); !ok)
      return ok;
  }
  return mend();
}

/// @param open  gets the folders in a person's @p folder.
result<> inspection_run::compare_folder(const std::string& folder, std::size_t depth,
                                        std::vector<std::pair<std::string, std::size_t>>& open) {
  const bool is_store = folder.rfind("store/", 0) == 0;
  // A person may have removed it, or put something else into its place.
  if (!is_store && !root_.folder(folder))
    return {};
  const auto compare = [&](const std::vector<std::string>& names) -> result<> {
    std::vector<std::string> unknown;
    {
      auto txn = db_.read();
      if (!txn)
        return fail(txn.error());
      const catalog_reader rows{*txn, db_.table()};
      for (const auto& name : names) {
        const auto promised = promised_at(rows, {folder, name});
        if (!promised)
          return fail(promised.error());
        if (*promised && (*promised)->what == promise::kind::nothing)
          unknown.push_back(name);
        else if (*promised && (*promised)->what == promise::kind::folder && !is_store
                 && depth < max_visited_depth)
          open.emplace_back(folder + "/" + name, depth + 1);
      }
    }
    report_.names += names.size();
    if (auto ok = look(names.size()); !ok)
      return ok;
    for (const auto& name : unknown) {
      const place where{folder, name};
      const auto there = root_.look(where);
      if (!there || !*there)
        continue;
      // The owner of the storage looks at one name at a time, not at a person's whole tree.
      if ((*there)->is_folder && !is_store && depth < max_visited_depth)
        open.emplace_back(where.path(), depth + 1);
      if (is_store || (*there)->is_folder || (*there)->is_ours())
        if (auto ok = mend_later(where); !ok)
          return ok;
    }
    return {};
  };
  return root_.list(folder, compare);
}

result<> inspection_run::complete_folder(const std::string& user, const std::string& path) {
  for (const auto kind : user_folders) {
    const auto where = place_of(user_folder(user, kind, path));
    const auto there = root_.look(where);
    if (auto ok = look(); !ok)
      return ok;
    if (!there || *there)
      continue;
    if (auto ok = path.empty() ? create_user_folders(root_, user) : mend_later(where); !ok)
      return ok;
  }
  return {};
}

/// Every folder of a person's, in each of the four places; the root folders first.
result<> inspection_run::complete_folders() {
  for (const bool is_root : {true, false})
    for (std::string after;;) {
      const auto some = folders_after(db_, is_root, after);
      if (!some)
        return fail(some.error());
      if (some->empty())
        break;
      for (const auto& [user, path] : *some)
        if (auto ok = complete_folder(user, path); !ok)
          return ok;
    }
  return mend();
}

} // namespace mediad::storage
