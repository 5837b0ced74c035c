#include "storage/catalog/catalog.hpp"

#include <algorithm>

/// The rows of users and of their folders.
namespace mediad::storage {
namespace {

constexpr std::string_view renames_key = "renames";
constexpr std::string_view sign_in_key = "sign_in";

/// The folder that has it, then itself.
std::string subfolder_key(const folder_row& f) {
  return std::string{after_user(folder_key(f.user, f.parent))}.append(f.id);
}

/// @param what  names the kind of row in the error.
/// @returns errc::not_found if no row has the id.
template <class Row>
result<Row> find_by_id(const lmdb::read_txn& txn, MDB_dbi table, std::string_view id,
                       const char* what, result<Row> (*parse)(std::string_view, std::string_view)) {
  const auto value = txn.get(table, id);
  if (!value)
    return fail(value.error());
  if (!*value)
    return fail(errc::not_found, "no " + std::string{what} + ' ' + std::string{id});
  return parse(id, **value);
}

} // namespace

result<user_row> catalog_reader::find_user(std::string_view id) const {
  return find_by_id(reading_, tables_.users, id, "user", parse_user);
}

result<std::string> catalog_reader::user_named(std::string_view name) const {
  const auto value = reading_.get(tables_.user_names, name);
  if (!value)
    return fail(value.error());
  return *value ? parse_user_name(**value) : std::string{};
}

result<std::vector<user_row>> catalog_reader::users() const {
  std::vector<user_row> all;
  const auto done = lmdb::for_each(reading_, tables_.users, [&](auto id, auto value) -> result<> {
    auto u = parse_user(id, value);
    if (!u)
      return fail(u.error());
    all.push_back(*std::move(u));
    return {};
  });
  if (!done)
    return fail(done.error());
  return all;
}

result<bool> catalog_reader::wants_sign_in() const {
  const auto n = counter(sign_in_key);
  return n ? result<bool>{*n > 0} : fail(n.error());
}

result<credential_row> catalog_reader::find_credential(std::string_view id) const {
  return find_by_id(reading_, tables_.credentials, id, "credential", parse_credential);
}

result<std::vector<credential_row>> catalog_reader::credentials(std::string_view user) const {
  std::vector<credential_row> all;
  const auto add = [&](auto id, auto value) -> result<> {
    auto c = parse_credential(id, value);
    if (!c)
      return fail(c.error());
    if (user.empty() || c->user == user)
      all.push_back(*std::move(c));
    return {};
  };
  if (auto done = lmdb::for_each(reading_, tables_.credentials, add); !done)
    return fail(done.error());
  return all;
}

result<share_row> catalog_reader::find_share(std::string_view id) const {
  return find_by_id(reading_, tables_.shares, id, "share", parse_share);
}

result<std::vector<share_row>> catalog_reader::shares(std::string_view user) const {
  std::vector<share_row> all;
  const auto add = [&](auto id, auto value) -> result<> {
    auto s = parse_share(id, value);
    if (!s)
      return fail(s.error());
    if (s->user == user)
      all.push_back(*std::move(s));
    return {};
  };
  if (auto done = lmdb::for_each(reading_, tables_.shares, add); !done)
    return fail(done.error());
  return all;
}

result<folder_row> catalog_reader::find_folder(std::string_view id) const {
  return find_by_id(reading_, tables_.folders, id, "folder", parse_folder);
}

result<std::vector<folder_row>> catalog_reader::subfolders(std::string_view folder) const {
  std::vector<folder_row> found;
  auto walk = reading_.walk(tables_.subfolders);
  if (!walk)
    return fail(walk.error());
  auto row = walk->at_or_after(folder);
  for (; row && *row && user_of((*row)->key) == folder; row = walk->next()) {
    auto child = find_folder(after_user((*row)->key));
    if (!child)
      return fail(child.error());
    found.push_back(std::move(*child));
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<bool> catalog_reader::has_links(std::string_view user, std::string_view folder) const {
  const auto prefix = folder_key(user, folder);
  auto walk = reading_.walk(tables_.links);
  if (!walk)
    return fail(walk.error());
  const auto first = walk->at_or_after(prefix);
  if (!first)
    return fail(first.error());
  return *first && (*first)->key.starts_with(prefix);
}

result<std::string> catalog_reader::folder_path(std::string_view folder) const {
  std::string path;
  // Rules keep trees shallow and free of circles; a damaged row must not make this endless.
  constexpr int enough = 1000;
  std::string next{folder};
  for (int level = 0; !next.empty(); ++level) {
    auto row = find_folder(next);
    if (!row || level == enough)
      return fail(errc::internal, "the folders above " + std::string{folder} + " are damaged");
    path = path.empty() ? std::move(row->name) : row->name.append("/").append(path);
    next = std::move(row->parent);
  }
  return path;
}

result<subtree> catalog_reader::measure(std::string_view folder, std::size_t at_most) const {
  struct level {
    std::string folder;
    std::size_t depth = 0;
    std::size_t path_bytes = 0;
  };
  subtree found;
  std::vector<level> open{{std::string{folder}, 0, 0}};
  while (!open.empty() && found.levels <= at_most) {
    const auto here = std::move(open.back());
    open.pop_back();
    found.levels = std::max(found.levels, here.depth);
    found.path_bytes = std::max(found.path_bytes, here.path_bytes);
    auto inside = subfolders(here.folder);
    if (!inside)
      return fail(inside.error());
    for (auto& child : *inside)
      open.push_back(
        {std::move(child.id), here.depth + 1, here.path_bytes + 1 + child.name.size()});
  }
  return found;
}

result<std::uint64_t> catalog_reader::renames() const {
  return counter(renames_key);
}

result<> catalog::put_user(const user_row& user) {
  const auto known = find_user(user.id);
  if (!known && known.error().code != errc::not_found)
    return fail(known.error());
  auto value = encode_user_name(user.id);
  if (known && known->name != user.name) {
    // With what a newer release has written into it.
    const auto old = reading_.get(tables_.user_names, known->name);
    if (!old)
      return fail(old.error());
    if (*old)
      value = **old;
    if (auto gone = writing_.erase(tables_.user_names, known->name); !gone)
      return fail(gone.error());
  }
  if (!known || known->name != user.name)
    if (auto ok = writing_.put(tables_.user_names, user.name, value); !ok)
      return ok;
  if (!user.password.empty())
    if (auto ok = put_counter(sign_in_key, 1); !ok)
      return ok;
  return writing_.put(tables_.users, user.id, encode(user));
}

result<> catalog::put_credential(const credential_row& c) {
  return writing_.put(tables_.credentials, c.id, encode(c));
}

result<> catalog::erase_credential(std::string_view id) {
  const auto gone = writing_.erase(tables_.credentials, id);
  return gone ? result<>{} : fail(gone.error());
}

result<> catalog::put_share(const share_row& s) {
  return writing_.put(tables_.shares, s.id, encode(s));
}

result<> catalog::erase_share(std::string_view id) {
  const auto gone = writing_.erase(tables_.shares, id);
  return gone ? result<>{} : fail(gone.error());
}

result<> catalog::put_folder(const folder_row& folder) {
  auto known = find_folder(folder.id);
  if (!known && known.error().code != errc::not_found)
    return fail(known.error());
  link_row link;
  link.id = folder.id;
  link.name = folder.name;
  link.is_folder = true;
  if (known) {
    auto old = find_link(known->user, known->parent, known->name);
    if (!old)
      return fail(old.error());
    if (*old)
      link.unknown = std::move((*old)->unknown);
    auto gone = writing_.erase(tables_.links, link_key(known->user, known->parent, known->name));
    if (gone)
      gone = writing_.erase(tables_.subfolders, subfolder_key(*known));
    if (!gone)
      return fail(gone.error());
  }
  auto done = writing_.put(tables_.folders, folder.id, encode(folder));
  if (done)
    done = put_link(folder.user, folder.parent, std::move(link));
  if (done)
    done = writing_.put(tables_.subfolders, subfolder_key(folder), {});
  return done;
}

result<> catalog::erase_folder(const folder_row& f) {
  auto gone = writing_.erase(tables_.links, link_key(f.user, f.parent, f.name));
  if (gone)
    gone = writing_.erase(tables_.subfolders, subfolder_key(f));
  if (gone)
    gone = writing_.erase(tables_.folders, f.id);
  return gone ? put_grants(f.id, {}) : fail(gone.error());
}

result<std::uint64_t> catalog::count_rename() {
  const auto last = renames();
  if (!last)
    return last;
  if (auto ok = put_counter(renames_key, *last + 1); !ok)
    return fail(ok.error());
  return *last + 1;
}

} // namespace mediad::storage
