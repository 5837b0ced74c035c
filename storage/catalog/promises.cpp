#include "storage/catalog/promises.hpp"

#include "base/ulid.hpp"
#include "base/user_name.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>
#include <string_view>

namespace mediad::storage {
namespace {

using kind = promise::kind;
using found = result<std::optional<promise>>;

found some(promise p) {
  return std::optional{std::move(p)};
}

found nothing() {
  return some({});
}

found folder() {
  return some({kind::folder, 0, {}});
}

found stored_file(std::uint64_t bytes) {
  return some({kind::file, bytes, {}});
}

std::optional<std::string_view> without(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix))
    return std::nullopt;
  return name.substr(0, name.size() - suffix.size());
}

/// The record of a file that has arrived; nothing if there is none.
result<std::optional<file_record>> find_stored(const catalog_reader& rows, std::string_view id) {
  if (!is_ulid(id))
    return std::optional<file_record>{};
  auto r = rows.find(id);
  if (!r && r.error().code != errc::not_found)
    return fail(r.error());
  if (!r || r->state == status::receiving)
    return std::optional<file_record>{};
  return std::optional{std::move(*r)};
}

const made_file* find_rendition(const file_record& r, std::string_view name) {
  const auto made = std::find_if(r.renditions.begin(), r.renditions.end(),
                                 [&](const made_file& m) { return m.name == name; });
  return made == r.renditions.end() ? nullptr : &*made;
}

found blob_at(const catalog_reader& rows, const place& where) {
  if (!is_sha256(where.name) || blob_place(where.name) != where)
    return nothing();
  const auto known = rows.find_blob(where.name);
  if (!known)
    return fail(known.error());
  return *known ? stored_file((*known)->bytes) : nothing();
}

/// Looks up what the rows promise for a name in the folder `store/<kind>/<shard>`.
found made_at(const catalog_reader& rows, std::string_view of_kind, const place& where) {
  auto id = std::optional<std::string_view>{where.name};
  if (of_kind == "previews")
    id = without(where.name, preview_suffix);
  else if (of_kind == "archives")
    id = without(where.name, archive_suffix);
  const auto r = find_stored(rows, id.value_or(""));
  if (!r)
    return fail(r.error());
  if (!*r)
    return nothing();
  const auto& record = **r;
  if (of_kind == "previews" && record.preview.exists() && preview_place(record.id) == where)
    return stored_file(record.preview.file.bytes);
  if (of_kind == "renditions" && !record.renditions.empty() && renditions_place(record.id) == where)
    return folder();
  if (of_kind == "archives" && !record.archive.name.empty() && archive_place(record.id) == where) {
    const auto bytes = own_bytes_of_archive(record);
    return bytes ? stored_file(*bytes) : fail(bytes.error());
  }
  return nothing();
}

/// Looks up what the rows promise for a name in the folder `store/renditions/<shard>/<id>`.
found rendition_at(const catalog_reader& rows, std::string_view id, const place& where) {
  const auto r = find_stored(rows, id);
  if (!r)
    return fail(r.error());
  if (!*r || renditions_place((*r)->id).path() != where.folder)
    return nothing();
  const auto* made = find_rendition(**r, where.name);
  return made != nullptr ? stored_file(made->bytes) : nothing();
}

/// @param path  of the folder, behind `store/`.
found in_store(const catalog_reader& rows, std::string_view path, const place& where) {
  const auto of_kind = take_step(path);
  const auto shard = take_step(path);
  if (shard.empty())
    return std::optional<promise>{};
  if (path.empty())
    return of_kind == "blobs" ? blob_at(rows, where) : made_at(rows, of_kind, where);
  const auto id = take_step(path);
  return of_kind == "renditions" && path.empty() ? rendition_at(rows, id, where) : nothing();
}

found shown(std::uint64_t bytes, place stored) {
  return some({kind::file, bytes, std::move(stored)});
}

/// The row of what has exactly this name; one without an id if nothing has.
result<link_row> named(const catalog_reader& rows, std::string_view user, std::string_view folder,
                       std::string_view name) {
  auto row = rows.find_link(user, folder, name);
  if (!row)
    return fail(row.error());
  return *row && (*row)->name == name ? std::move(**row) : link_row{};
}

/// A name in a folder of a person's.
/// @param folder_id  empty: the root folder.
found name_at(const catalog_reader& rows, const std::string& user, std::string_view of_kind,
              const std::string& folder_id, const std::string& name) {
  const auto whole = named(rows, user, folder_id, name);
  if (!whole)
    return fail(whole.error());
  if (whole->is_folder)
    return folder();
  auto link = std::optional<std::string_view>{name};
  if (of_kind == "previews")
    link = without(name, preview_suffix);
  else if (of_kind == "archives")
    link = without(name, archive_suffix);
  const auto row = named(rows, user, folder_id, link.value_or(""));
  if (!row)
    return fail(row.error());
  const auto r = find_stored(rows, row->is_folder ? std::string{} : row->id);
  if (!r)
    return fail(r.error());
  if (!*r)
    return nothing();
  const auto& record = **r;
  if (of_kind == "originals")
    return shown(record.bytes, blob_place(record.sha256));
  if (of_kind == "previews" && record.preview.exists())
    return shown(record.preview.file.bytes, preview_place(record.id));
  if (of_kind == "renditions" && !record.renditions.empty())
    return folder();
  if (of_kind == "archives" && !record.archive.name.empty() && record.splices.empty())
    return shown(record.archive.bytes, archive_place(record.id));
  return nothing();
}

/// @param path  of the folder, behind `users/`.
found in_users(const catalog_reader& rows, std::string_view path, const place& where) {
  const auto name = take_step(path);
  const auto of_kind = take_step(path);
  if (!is_user_name(name)
      || std::find(user_folders.begin(), user_folders.end(), of_kind) == user_folders.end())
    return std::optional<promise>{};
  const auto user = rows.user_named(name);
  if (!user)
    return fail(user.error());
  if (user->empty())
    return nothing();
  std::string folder_id;
  while (!path.empty()) {
    const auto row = named(rows, *user, folder_id, take_step(path));
    if (!row)
      return fail(row.error());
    if (row->is_folder) {
      folder_id = row->id;
      continue;
    }
    // What is below the folder of a file's renditions.
    const auto r = find_stored(rows, of_kind == "renditions" && path.empty() ? row->id : "");
    if (!r)
      return fail(r.error());
    const auto* made = *r ? find_rendition(**r, where.name) : nullptr;
    if (made == nullptr)
      return nothing();
    return shown(made->bytes, {renditions_place((*r)->id).path(), made->name});
  }
  return name_at(rows, *user, of_kind, folder_id, where.name);
}

/// The folder of a user who has left is promised no more.
found user_folder_at(const catalog_reader& rows, const place& where) {
  if (!is_user_name(where.name))
    return std::optional<promise>{};
  const auto user = rows.user_named(where.name);
  if (!user)
    return fail(user.error());
  return user->empty() ? nothing() : std::optional<promise>{};
}

} // namespace

result<std::optional<promise>> promised_at(const catalog_reader& rows, const place& where) {
  std::string_view path{where.folder};
  const auto top = take_step(path);
  if (top == "users" && path.empty())
    return user_folder_at(rows, where);
  if (where.name.empty() || path.empty())
    return std::optional<promise>{};
  if (top == "store")
    return in_store(rows, path, where);
  return top == "users" ? in_users(rows, path, where) : std::optional<promise>{};
}

result<std::uint64_t> own_bytes_of_archive(const file_record& r) {
  auto own = r.archive.bytes;
  for (const auto& s : r.splices) {
    if (s.bytes > own)
      return fail(errc::internal, "an archive is shorter than what was spliced into it");
    own -= s.bytes;
  }
  return own;
}

result<std::vector<made_place>> made_places(const file_record& record) {
  std::vector<made_place> all;
  const auto shown = [&](place where) {
    return has_names(record) ? std::optional{std::move(where)} : std::nullopt;
  };
  if (record.preview.exists())
    all.push_back({preview_place(record.id), shown(preview_link(record)), record.preview.file.bytes,
                   record.preview.file.sha256});
  const auto stored = renditions_place(record.id).path();
  const auto shown_in = renditions_link(record).path();
  for (const auto& made : record.renditions)
    all.push_back({{stored, made.name}, shown({shown_in, made.name}), made.bytes, made.sha256});
  if (record.archive.name.empty())
    return all;
  const auto bytes = own_bytes_of_archive(record);
  if (!bytes)
    return fail(bytes.error());
  all.push_back({archive_place(record.id), std::nullopt, *bytes, record.archive.sha256});
  if (record.splices.empty() && has_names(record))
    all.back().shown = archive_link(record);
  return all;
}

} // namespace mediad::storage
