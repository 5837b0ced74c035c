#include "storage/restore/places.hpp"

#include "base/clock.hpp"
#include "base/ulid.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/names.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::storage {
namespace {

std::vector<std::string> names_in(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty())
    names.emplace_back(take_step(path));
  return names;
}

/// Whether the rules allow a folder there.
bool is_allowed(const std::string& path, const std::vector<std::string>& names) {
  return names.size() <= max_folder_depth && path.size() <= max_folder_path_bytes
         && std::all_of(names.begin(), names.end(), is_folder_name);
}

} // namespace

result<std::optional<folder_ids>> places::find(const catalog& rows, const std::string& user,
                                               const std::string& path) {
  auto id = rows.user_named(user);
  if (!id)
    return fail(id.error());
  if (id->empty())
    return std::optional<folder_ids>{};
  folder_ids at{std::move(*id), {}};
  for (const auto& name : names_in(path)) {
    auto link = rows.find_link(at.user, at.folder, name);
    if (!link)
      return fail(link.error());
    if (!*link || !(*link)->is_folder || (*link)->name != name)
      return std::optional<folder_ids>{};
    at.folder = std::move((*link)->id);
  }
  return std::optional{std::move(at)};
}

result<folder_ids> places::folder(catalog& rows, const std::string& user,
                                  const std::string& path) const {
  auto id = rows.user_named(user);
  if (!id)
    return fail(id.error());
  folder_ids at{std::move(*id), {}};
  if (at.user.empty()) {
    user_row made;
    made.id = at.user = make_ulid();
    made.name = user;
    made.created_at = now_ms();
    if (auto ok = rows.put_user(made); !ok)
      return fail(ok.error());
  }
  const auto names = names_in(path);
  if (!is_allowed(path, names))
    return at;
  for (const auto& name : names) {
    auto next = subfolder(rows, at, name);
    if (!next)
      return fail(next.error());
    at.folder = std::move(*next);
  }
  return at;
}

/// If a file has the folder's name in the database, it does not have it on the disk any more.
result<std::string> places::subfolder(catalog& rows, const folder_ids& in,
                                      const std::string& name) const {
  auto link = rows.find_link(in.user, in.folder, name);
  if (!link)
    return fail(link.error());
  if (*link && (*link)->is_folder)
    return std::move((*link)->id);
  if (*link) {
    const auto file = rows.find((*link)->id);
    if (!file)
      return fail(file.error());
    if (auto ok = rename(rows, *file); !ok)
      return fail(ok.error());
  }
  folder_row made;
  made.id = make_ulid();
  made.user = in.user;
  made.parent = in.folder;
  made.name = name;
  made.created_at = now_ms();
  if (auto ok = rows.put_folder(made); !ok)
    return fail(ok.error());
  return std::move(made.id);
}

result<> places::follow_user(catalog& rows, const std::string& name,
                             const std::string& former_id) const {
  if (former_id.empty())
    return {};
  const auto file = rows.find(former_id);
  if (!file)
    return file.error().code == errc::not_found ? result<>{} : fail(file.error());
  if (root_.exists({"users", file->user_name}))
    return {};
  auto user = rows.find_user(file->user);
  if (!user)
    return fail(user.error());
  user->name = name;
  return rows.put_user(*user);
}

result<> places::give(catalog& rows, file_record& record, const found_name& name) const {
  auto at = folder(rows, name.user, name.path);
  if (!at)
    return fail(at.error());
  record.user = std::move(at->user);
  record.folder = std::move(at->folder);
  if (auto ok = rows.add_names(record); !ok)
    return ok;
  const place from{user_folder(name.user, "originals", name.path), name.name};
  // The name that this one was made of, if it is not known otherwise.
  const auto called = std::exchange(record.name, name.name);
  auto link = free_name(rows, record, from);
  record.name = called;
  if (!link)
    return fail(link.error());
  record.link_name = std::move(*link);
  return original_link(record) == from ? result<>{} : rename_on_disk(record, from);
}

result<> places::rename(catalog& rows, const file_record& r) const {
  auto other = r;
  auto link = free_name(rows, r, std::nullopt);
  if (!link)
    return fail(link.error());
  other.link_name = std::move(*link);
  return rows.put_moved(r, other);
}

result<std::string> places::free_name(const catalog& rows, const file_record& record,
                                      const std::optional<place>& own) const {
  constexpr std::size_t enough = 1'000'000;
  const auto name = clean_name(record.name);
  auto tried = record;
  for (std::size_t n = 1; n < enough; ++n) {
    tried.link_name = numbered_name(name, n);
    const auto owner = rows.find_link(record.user, record.folder, tried.link_name);
    if (!owner)
      return fail(owner.error());
    const auto at = original_link(tried);
    if (!*owner && ((own && at == *own) || !root_.exists(at)))
      return std::move(tried.link_name);
  }
  return fail(errc::conflict, "no free name for " + name);
}

result<> places::rename_on_disk(const file_record& r, const place& from) const {
  if (auto made = create_user_folders(root_, r.user_name, r.folder_path); !made)
    return made;
  return root_.rename(from, original_link(r));
}

} // namespace mediad::storage
