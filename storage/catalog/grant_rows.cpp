#include "storage/catalog/catalog.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>

/// What users have been granted in folders of other users, and who hears of what happens there.
namespace mediad::storage {

result<std::optional<folder_right>> catalog_reader::find_grant(std::string_view folder,
                                                               std::string_view user) const {
  const auto key = user_key(folder, user);
  const auto value = reading_.get(tables_.grants, key);
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<folder_right>{};
  const auto row = parse_grant(key, **value);
  return row ? result<std::optional<folder_right>>{row->right} : fail(row.error());
}

result<std::vector<grant_row>> catalog_reader::grants_in(std::string_view folder) const {
  std::vector<grant_row> all;
  auto walk = reading_.walk(tables_.grants);
  if (!walk)
    return fail(walk.error());
  auto row = walk->at_or_after(folder);
  for (; row && *row && (*row)->key.starts_with(folder); row = walk->next()) {
    auto one = parse_grant((*row)->key, (*row)->value);
    if (!one)
      return fail(one.error());
    all.push_back(*std::move(one));
  }
  if (!row)
    return fail(row.error());
  return all;
}

result<std::vector<grant_row>> catalog_reader::grants_to(std::string_view user) const {
  std::vector<grant_row> all;
  const auto add = [&](std::string_view key, std::string_view value) -> result<> {
    if (after_user(key) != user)
      return {};
    auto one = parse_grant(key, value);
    if (!one)
      return fail(one.error());
    all.push_back(*std::move(one));
    return {};
  };
  if (auto done = lmdb::for_each(reading_, tables_.grants, add); !done)
    return fail(done.error());
  return all;
}

result<> catalog_reader::add_audience(event& e) const {
  e.folders.clear();
  e.hearers.clear();
  auto next = e.file.folder;
  if (!e.folder.id.empty()) {
    e.folders.push_back(e.folder.id);
    next = e.folder.parent;
  }
  while (!next.empty() && e.folders.size() <= max_folder_depth) {
    auto row = find_folder(next);
    if (!row && row.error().code == errc::not_found)
      break;
    if (!row)
      return fail(row.error());
    e.folders.push_back(std::move(next));
    next = std::move(row->parent);
  }
  for (const auto& folder : e.folders) {
    auto granted = grants_in(folder);
    if (!granted)
      return fail(granted.error());
    for (auto& one : *granted)
      e.hearers.push_back(std::move(one.user));
  }
  return {};
}

result<> catalog::put_grants(std::string_view folder, const std::vector<grant_row>& all) {
  const auto old = grants_in(folder);
  if (!old)
    return fail(old.error());
  for (const auto& one : *old)
    if (auto gone = writing_.erase(tables_.grants, user_key(one.folder, one.user)); !gone)
      return fail(gone.error());
  for (const auto& one : all)
    if (auto ok = writing_.put(tables_.grants, user_key(folder, one.user), encode(one)); !ok)
      return ok;
  return {};
}

} // namespace mediad::storage
