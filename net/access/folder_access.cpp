#include "net/access/folder_access.hpp"

#include "base/ulid.hpp"

#include <algorithm>
#include <iterator>

namespace mediad::net {

namespace {

error unseen() {
  return fail(errc::not_found, "is in a folder that the caller may not see");
}

/// A folder, those above it, and what the caller may do.
struct sight {
  std::vector<folder_row> line; ///< The innermost first, as storage::view::folders_above() has it.
  std::size_t seen = 0;         ///< As many of them are below the caller's root.
  folder_right may = folder_right::own;
};

/// The same in a folder of another user's. Nothing of a user who is disabled, or is leaving, is
/// there for others.
result<sight> look_at_granted(const storage::view& stored, const caller& asker,
                              std::string_view id) {
  const bool is_user =
    asker.by == known_by::session || asker.by == known_by::token || asker.by == known_by::proxy;
  if (!is_user || !asker.folder.empty())
    return fail(unseen());
  auto line = stored.folder_line_for(id, asker.user);
  if (!line)
    return fail(line.error());
  if (!line->granted)
    return fail(unseen());
  const auto owner = stored.find_user_by_id(line->rows.front().user);
  if (!owner)
    return fail(owner.error());
  if (owner->disabled_at != 0)
    return fail(unseen());
  return sight{std::move(line->rows), line->shown, *line->granted};
}

/// @returns errc::not_found if the caller may not see the folder.
result<sight> look_at(const storage::view& stored, const caller& asker, std::string_view id) {
  auto line = stored.folders_above(id);
  if (!line)
    return fail(line.error());
  if (line->front().user != asker.user)
    return look_at_granted(stored, asker, id);
  sight found;
  found.seen = line->size();
  if (!asker.folder.empty()) {
    const auto root = std::find_if(line->begin(), line->end(),
                                   [&](const folder_row& f) { return f.id == asker.folder; });
    if (root == line->end())
      return fail(unseen());
    found.seen = static_cast<std::size_t>(std::distance(line->begin(), root));
  }
  found.line = *std::move(line);
  return found;
}

seen_folder shown(sight found) {
  seen_folder folder;
  for (std::size_t i = 0; i < found.seen; ++i)
    folder.path.insert(0, i == 0 ? found.line[i].name : found.line[i].name + '/');
  folder.may = found.may;
  folder.row = std::move(found.line.front());
  if (found.seen <= 1)
    folder.row.parent.clear();
  return folder;
}

} // namespace

result<> check_folder(const storage::view& stored, const caller& asker, std::string_view owner,
                      std::string_view folder, folder_right wanted) {
  if (folder.empty())
    return owner == asker.user && asker.folder.empty() ? result<>{} : fail(unseen());
  // Nothing to look up: this is how nearly every file is asked for.
  if (owner == asker.user && asker.folder.empty())
    return {};
  const auto found = look_at(stored, asker, folder);
  if (!found)
    return fail(found.error());
  return found->may >= wanted && found->line.front().user == owner ? result<>{} : fail(unseen());
}

result<seen_folder> find_folder(const storage::view& stored, const caller& asker,
                                std::string_view id, folder_right wanted) {
  auto found = look_at(stored, asker, id);
  if (!found)
    return fail(found.error());
  if (found->may < wanted)
    return fail(unseen());
  return shown(*std::move(found));
}

result<std::vector<std::string>> names_of_path(std::string_view path) {
  if (path.starts_with('/'))
    path.remove_prefix(1);
  if (path.ends_with('/'))
    path.remove_suffix(1);
  std::vector<std::string> names;
  for (bool more = true; more;) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (name.empty())
      return fail(errc::bad_request, "the path of a folder has no empty names");
    names.emplace_back(name);
    more = slash != std::string_view::npos;
    path.remove_prefix(more ? slash + 1 : path.size());
  }
  return names;
}

result<seen_folder> find_named_folder(const storage::view& stored, const caller& asker,
                                      std::string_view named, folder_right wanted) {
  if (is_ulid(named))
    return find_folder(stored, asker, named, wanted);
  const auto names = names_of_path(named);
  if (!names)
    return fail(names.error());
  auto at = asker.folder;
  for (const auto& name : *names) {
    auto next = stored.subfolder(asker.user, at, name);
    if (next && next->empty())
      return fail(errc::not_found, "no folder of that path");
    if (!next)
      return fail(next.error());
    at = *std::move(next);
  }
  return find_folder(stored, asker, at, wanted);
}

result<> check_folder_is_there(const storage::view& stored, std::string_view user,
                               std::string_view id) {
  if (id.empty())
    return {};
  const auto line = stored.folders_above(id);
  if (!line)
    return fail(line.error());
  return line->front().user == user ? result<>{} : fail(unseen());
}

result<seen_folder> find_folder_to_change(const storage::view& stored, const caller& asker,
                                          std::string_view id) {
  auto found = look_at(stored, asker, id);
  if (!found)
    return fail(found.error());
  const auto& folder = found->line.front();
  if (auto ok = check_folder(stored, asker, folder.user, folder.parent, folder_right::edit); !ok)
    return fail(ok.error());
  return shown(*std::move(found));
}

namespace {

/// Those of other users: what is granted may differ from folder to folder.
result<> add_granted(const storage::view& stored, const caller& asker, const seen_folder& below,
                     std::size_t levels, std::vector<seen_folder>& found) {
  const auto all = stored.folders(below.row.user, below.row.id, levels);
  if (!all)
    return fail(all.error());
  for (const auto& one : *all) {
    auto folder = find_folder(stored, asker, one.row.id, folder_right::view);
    if (folder)
      found.push_back(*std::move(folder));
    else if (folder.error().code != errc::not_found)
      return fail(folder.error());
  }
  return {};
}

/// The outermost folders of other users, and on further levels what is in them.
result<> add_all_granted(const storage::view& stored, const caller& asker, std::size_t levels,
                         std::vector<seen_folder>& found) {
  const auto grants = stored.grants_to(asker.user);
  if (!grants)
    return fail(grants.error());
  for (const auto& grant : *grants) {
    auto folder = find_folder(stored, asker, grant.folder, folder_right::view);
    if (!folder && folder.error().code != errc::not_found)
      return fail(folder.error());
    const bool is_outermost = folder && folder->row.parent.empty();
    if (!is_outermost)
      continue;
    found.push_back(*folder);
    if (levels == 1)
      continue;
    if (auto ok = add_granted(stored, asker, *folder, levels - 1, found); !ok)
      return ok;
  }
  return {};
}

} // namespace

result<std::vector<seen_folder>> folders_below(const storage::view& stored, const caller& asker,
                                               const seen_folder* below, std::size_t levels) {
  if (below != nullptr && below->row.user != asker.user) {
    std::vector<seen_folder> granted;
    auto ok = add_granted(stored, asker, *below, levels, granted);
    return ok ? result<std::vector<seen_folder>>{std::move(granted)} : fail(ok.error());
  }
  const auto& user = below != nullptr ? below->row.user : asker.user;
  const auto& root = below != nullptr ? below->row.id : asker.folder;
  auto all = stored.folders(user, root, levels);
  if (!all)
    return fail(all.error());
  const auto above = below == nullptr || below->path.empty() ? std::string{} : below->path + '/';
  std::vector<seen_folder> found;
  found.reserve(all->size());
  for (auto& one : *all) {
    if (one.row.parent == asker.folder)
      one.row.parent.clear();
    seen_folder folder;
    folder.path = above + one.path;
    folder.row = std::move(one.row);
    folder.may = folder_right::own;
    found.push_back(std::move(folder));
  }
  if (below == nullptr && asker.folder.empty())
    if (auto ok = add_all_granted(stored, asker, levels, found); !ok)
      return fail(ok.error());
  return found;
}

} // namespace mediad::net
