#include "storage/catalog/catalog.hpp"

#include <cstdint>
#include <utility>

/// The rows of users who leave.
namespace mediad::storage {
namespace {

/// The keys of @p table that begin with @p prefix: a table must not change while it is walked.
result<std::vector<std::string>> keys_below(const lmdb::read_txn& txn, MDB_dbi table,
                                            std::string_view prefix, std::size_t at_most) {
  std::vector<std::string> found;
  auto walk = txn.walk(table);
  if (!walk)
    return fail(walk.error());
  auto row = walk->at_or_after(prefix);
  for (; row && *row && (*row)->key.starts_with(prefix) && found.size() < at_most;
       row = walk->next())
    found.emplace_back((*row)->key);
  if (!row)
    return fail(row.error());
  return found;
}

} // namespace

result<std::vector<std::string>> catalog_reader::files_of(std::string_view user,
                                                          std::size_t at_most) const {
  auto found = keys_below(reading_, tables_.by_user, user, at_most);
  if (found)
    for (auto& key : *found)
      key.erase(0, user.size());
  return found;
}

result<> catalog::erase_all(MDB_dbi table, const std::vector<std::string>& keys) {
  for (const auto& key : keys)
    if (auto gone = writing_.erase(table, key); !gone)
      return fail(gone.error());
  return {};
}

/// Gives a row another key. The value stays, with what a newer release has written into it.
result<> catalog::rekey(MDB_dbi table, const std::string& from, const std::string& to) {
  const auto value = reading_.get(table, from);
  if (!value || !*value)
    return value ? result<>{} : fail(value.error());
  const std::string kept{**value};
  if (auto gone = writing_.erase(table, from); !gone)
    return fail(gone.error());
  return writing_.put(table, to, kept);
}

/// What is derived from the record by its user's id is moved by the callers.
result<> catalog::give_file(const std::string& id, const user_row& to, const folder_row& into) {
  auto r = find(id);
  const auto listed = find_listed(id);
  if (!r || !listed)
    return fail(r ? listed.error() : r.error());
  r->user = to.id;
  r->request_key.clear();
  if (r->folder.empty())
    r->folder = into.id;
  auto upload = find_upload(id);
  if (!upload && upload.error().code != errc::not_found)
    return fail(upload.error());
  if (upload) {
    upload->user = to.id;
    if (auto ok = writing_.put(tables_.uploads, id, encode(*upload)); !ok)
      return ok;
  }
  if (auto ok = relist(*listed, listed_file::of(*r)); !ok)
    return ok;
  if (auto ok = put_tile(*listed, &*r); !ok)
    return ok;
  return writing_.put(tables_.files, id, encode(*r));
}

result<> catalog::give_folders(const user_row& from, const user_row& to, const folder_row& into) {
  std::vector<std::string> open{from.id};
  while (!open.empty()) {
    const auto here = std::move(open.back());
    open.pop_back();
    auto inside = subfolders(here);
    if (!inside)
      return fail(inside.error());
    for (auto& child : *inside) {
      open.push_back(child.id);
      child.user = to.id;
      if (child.parent.empty()) {
        child.parent = into.id;
        if (auto ok = rekey(tables_.subfolders, from.id + child.id, into.id + child.id); !ok)
          return ok;
      }
      if (auto ok = writing_.put(tables_.folders, child.id, encode(child)); !ok)
        return ok;
      // What the leaver has granted ends with the leaver.
      if (auto ok = put_grants(child.id, {}); !ok)
        return ok;
    }
  }
  return {};
}

result<> catalog::give_links(const user_row& from, const user_row& to, const folder_row& into) {
  const auto links = keys_below(reading_, tables_.links, from.id, SIZE_MAX);
  if (!links)
    return fail(links.error());
  for (const auto& key : *links) {
    const auto rest = after_user(key);
    const auto folder = user_of(rest) == from.id ? std::string_view{into.id} : user_of(rest);
    auto now = to.id;
    now.append(folder).append(after_user(rest));
    if (auto ok = rekey(tables_.links, key, now); !ok)
      return ok;
  }
  return {};
}

result<std::size_t> catalog::give_away(const user_row& from, const user_row& to,
                                       const folder_row& into) {
  const auto files = files_of(from.id, SIZE_MAX);
  const auto taken = find_usage(from.id);
  auto total = find_usage(to.id);
  if (!files || !taken || !total)
    return fail(!files ? files.error() : !taken ? taken.error() : total.error());
  for (const auto& id : *files) {
    auto done = give_file(id, to, into);
    if (done)
      done = rekey(tables_.by_user, user_key(from.id, id), user_key(to.id, id));
    if (!done)
      return fail(done.error());
  }
  *total += *taken;
  auto done = give_folders(from, to, into);
  if (done)
    done = give_links(from, to, into);
  if (done)
    done = put_folder(into);
  if (done)
    done = put_usage(to.id, *total);
  if (!done)
    return fail(done.error());
  return files->size();
}

result<> catalog::forget_folders(const user_row& u) {
  std::vector<std::string> open{u.id};
  while (!open.empty()) {
    const auto here = std::move(open.back());
    open.pop_back();
    const auto inside = keys_below(reading_, tables_.subfolders, here, SIZE_MAX);
    if (!inside)
      return fail(inside.error());
    for (const auto& key : *inside)
      open.emplace_back(after_user(key));
    auto done = erase_all(tables_.subfolders, *inside);
    if (done && here != u.id)
      done = erase_all(tables_.folders, {here});
    if (done)
      done = put_grants(here, {});
    if (!done)
      return done;
  }
  return {};
}

result<> catalog::forget_keys(const user_row& u) {
  const auto keys = keys_below(reading_, tables_.keys, u.id, SIZE_MAX);
  if (!keys)
    return fail(keys.error());
  for (const auto& key : *keys) {
    const auto row = find_key(u.id, after_user(key));
    if (!row)
      return fail(row.error());
    if (!*row)
      continue;
    const auto age = number_key(static_cast<std::uint64_t>((*row)->created_at)) + key;
    if (auto ok = erase_all(tables_.key_ages, {age}); !ok)
      return ok;
  }
  return erase_all(tables_.keys, *keys);
}

/// Nobody can read them any more, and they have the names of the user's files. Numbers and
/// times stay: who listens would take a missing one for events that were missed, and a start looks
/// at the times.
result<> catalog::forget_events(const user_row& u) {
  constexpr const char* nobody = "-";
  std::vector<event> old;
  const auto visit = [&](std::string_view key, std::string_view value) -> result<> {
    const auto e = parse_event(key, value);
    if (!e)
      return fail(e.error());
    if (e->user != u.id)
      return {};
    event gone;
    gone.seq = e->seq;
    gone.at = e->at;
    gone.type = "gone";
    gone.user = nobody;
    old.push_back(std::move(gone));
    return {};
  };
  if (auto ok = lmdb::for_each(reading_, tables_.events, visit); !ok)
    return ok;
  for (const auto& gone : old)
    if (auto ok = writing_.put(tables_.events, number_key(gone.seq), encode(gone, {})); !ok)
      return ok;
  return {};
}

result<> catalog::forget_user(const user_row& u) {
  const auto shown = credentials(u.id);
  const auto links = keys_below(reading_, tables_.links, u.id, SIZE_MAX);
  if (!shown || !links)
    return fail(shown ? links.error() : shown.error());
  const auto shared = shares(u.id);
  if (!shared)
    return fail(shared.error());
  const auto granted = grants_to(u.id);
  if (!granted)
    return fail(granted.error());
  auto done = forget_folders(u);
  if (done)
    done = forget_keys(u);
  if (done)
    done = forget_events(u);
  if (done)
    done = erase_all(tables_.links, *links);
  for (const auto& one : *granted)
    if (done)
      done = erase_all(tables_.grants, {user_key(one.folder, u.id)});
  for (const auto& one : *shown)
    if (done)
      done = erase_credential(one.id);
  for (const auto& one : *shared)
    if (done)
      done = erase_share(one.id);
  if (done)
    done = erase_all(tables_.usage, {u.id});
  if (done)
    done = erase_all(tables_.user_names, {u.name});
  if (done)
    done = erase_all(tables_.users, {u.id});
  return done;
}

} // namespace mediad::storage
