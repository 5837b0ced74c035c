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

/// @returns errc::not_found if the caller may not see the folder.
result<sight> look_at(const storage::view& stored, const caller& asker, std::string_view id) {
  auto line = stored.folders_above(id);
  if (!line)
    return fail(line.error());
  if (line->front().user != asker.user)
    return fail(unseen());
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

result<std::vector<seen_folder>> folders_below(const storage::view& stored, const caller& asker,
                                               const seen_folder* below, std::size_t levels) {
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
    folder.may = below != nullptr ? below->may : folder_right::own;
    found.push_back(std::move(folder));
  }
  return found;
}

} // namespace mediad::net
