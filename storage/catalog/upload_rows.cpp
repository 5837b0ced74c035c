#include "base/request_key.hpp"
#include "storage/catalog/catalog.hpp"

#include <algorithm>

/// The rows of uploads, of request keys, and of what users take up.
namespace mediad::storage {
namespace {

constexpr std::size_t number_bytes = sizeof(std::uint64_t);

std::string timed_key(unix_ms at, std::string_view key) {
  return number_key(static_cast<std::uint64_t>(at)).append(key);
}

/// What follows the time in the keys of a table by time, up to @p until.
result<std::vector<std::string>> due(const lmdb::read_txn& txn, MDB_dbi table, unix_ms until,
                                     std::size_t at_most) {
  std::vector<std::string> found;
  auto walk = txn.walk(table);
  if (!walk)
    return fail(walk.error());
  auto row = walk->first();
  for (; row && *row && found.size() < at_most; row = walk->next()) {
    const auto at = parse_number_key((*row)->key.substr(0, number_bytes));
    if (!at)
      return fail(at.error());
    if (*at > static_cast<std::uint64_t>(std::max<unix_ms>(until, 0)))
      break;
    found.emplace_back((*row)->key.substr(number_bytes));
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<> only_error(const result<bool>& erased) {
  return erased ? result<>{} : fail(erased.error());
}

} // namespace

result<upload_state> catalog_reader::find_upload(std::string_view id) const {
  const auto value = reading_.get(tables_.uploads, id);
  if (!value)
    return fail(value.error());
  if (!*value)
    return fail(errc::not_found, "no resumable upload " + std::string{id});
  return parse_upload(id, **value);
}

result<std::optional<key_row>> catalog_reader::find_key(std::string_view user,
                                                        std::string_view key) const {
  const auto value = reading_.get(tables_.keys, user_key(user, key));
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<key_row>{};
  auto row = parse_key_row(**value);
  if (!row)
    return fail(row.error());
  return std::optional{std::move(*row)};
}

result<usage> catalog_reader::find_usage(std::string_view user) const {
  const auto value = reading_.get(tables_.usage, user);
  if (!value)
    return fail(value.error());
  return *value ? parse_usage(**value) : usage{};
}

result<std::vector<std::string>> catalog_reader::expired(unix_ms now, std::size_t at_most) const {
  return due(reading_, tables_.expiring, now, at_most);
}

result<> catalog::put_upload(const upload_state& upload) {
  const auto before = find_upload(upload.id);
  if (!before && before.error().code != errc::not_found)
    return fail(before.error());
  result<> done;
  if (before && before->expires_at > 0 && before->expires_at != upload.expires_at)
    done = only_error(writing_.erase(tables_.expiring, timed_key(before->expires_at, upload.id)));
  if (done && upload.expires_at > 0)
    done = writing_.put(tables_.expiring, timed_key(upload.expires_at, upload.id), {});
  if (done)
    done = count(upload.user, before ? held_by(*before) : usage{}, held_by(upload));
  return done ? writing_.put(tables_.uploads, upload.id, encode(upload)) : done;
}

result<> catalog::erase_upload(std::string_view id) {
  const auto before = find_upload(id);
  if (!before)
    return before.error().code == errc::not_found ? result<>{} : fail(before.error());
  auto done = only_error(writing_.erase(tables_.uploads, id));
  if (done && before->expires_at > 0)
    done = only_error(writing_.erase(tables_.expiring, timed_key(before->expires_at, id)));
  return done ? count(before->user, held_by(*before), {}) : done;
}

result<> catalog::count(std::string_view user, const usage& before, const usage& now) {
  if (before == now)
    return {};
  auto known = find_usage(user);
  if (!known)
    return fail(known.error());
  *known -= before;
  *known += now;
  return put_usage(user, *known);
}

result<> catalog::put_usage(std::string_view user, const usage& u) {
  if (u.is_nothing())
    return only_error(writing_.erase(tables_.usage, user));
  return writing_.put(tables_.usage, user, encode(u));
}

result<> catalog::put_key(std::string_view user, std::string_view key, const key_row& row) {
  const auto place = user_key(user, key);
  if (auto ok = writing_.put(tables_.key_ages, timed_key(row.created_at, place), {}); !ok)
    return ok;
  return writing_.put(tables_.keys, place, encode(row));
}

// The key may be another request's by now: its own may have been swept away before.
result<> catalog::release_key(std::string_view user, std::string_view key, std::string_view id) {
  auto row = find_key(user, key);
  if (!row)
    return fail(row.error());
  if (!*row || std::erase((*row)->files, id) == 0)
    return {};
  if (!(*row)->files.empty() || is_one_use(key))
    return put_key(user, key, **row);
  const auto place = user_key(user, key);
  auto done = only_error(writing_.erase(tables_.keys, place));
  return done ? only_error(writing_.erase(tables_.key_ages, timed_key((*row)->created_at, place)))
              : done;
}

result<> catalog::erase_old_keys(unix_ms until, std::size_t at_most) {
  const auto old = due(reading_, tables_.key_ages, until, at_most);
  if (!old)
    return fail(old.error());
  for (const auto& place : *old) {
    const auto row = find_key(user_of(place), after_user(place));
    if (!row)
      return fail(row.error());
    if (!*row)
      return fail(errc::internal, "a request key's age without the key");
    auto done = only_error(writing_.erase(tables_.keys, place));
    if (done)
      done = only_error(writing_.erase(tables_.key_ages, timed_key((*row)->created_at, place)));
    if (!done)
      return done;
  }
  return {};
}

} // namespace mediad::storage
