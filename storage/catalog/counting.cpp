#include "storage/catalog/catalog.hpp"

#include <functional>
#include <map>

/// What users take up, counted from the rows that it follows from.
namespace mediad::storage {
namespace {

using usage_by_user = std::map<std::string, usage, std::less<>>;

/// What can be counted without reading the records: everything but the bytes of files.
result<usage_by_user> count_cheaply(const lmdb::read_txn& txn, const tables& from) {
  usage_by_user counted;
  const catalog_reader rows{txn, from};
  auto done = lmdb::for_each(txn, from.by_user, [&](auto key, auto value) -> result<> {
    const auto entry = parse_entry(value);
    if (!entry)
      return fail(entry.error());
    auto known = counted.find(user_of(key));
    if (known == counted.end())
      known = counted.try_emplace(std::string{user_of(key)}).first;
    auto& user = known->second;
    if (entry->state != status::receiving) {
      ++user.files;
      return {};
    }
    const auto state = rows.find_upload(after_user(key));
    if (state)
      user += held_by(*state);
    return {};
  });
  if (!done)
    return fail(done.error());
  return counted;
}

} // namespace

result<bool> catalog_reader::is_usage_right() const {
  auto counted = count_cheaply(reading_, tables_);
  if (!counted)
    return fail(counted.error());
  auto& uncounted = *counted;
  bool is_right = true;
  auto done = lmdb::for_each(reading_, tables_.usage, [&](auto key, auto value) -> result<> {
    auto told = parse_usage(value);
    const auto found = uncounted.find(key);
    is_right = is_right && told;
    if (!is_right)
      return {};
    told->unknown.clear();
    const bool has_files = found != uncounted.end() && found->second.files > 0;
    if (has_files)
      told->bytes = 0;
    is_right = *told == (found != uncounted.end() ? found->second : usage{});
    if (found != uncounted.end())
      uncounted.erase(found);
    return {};
  });
  if (!done)
    return fail(done.error());
  // A user who takes up nothing has no row.
  for (const auto& [user, u] : uncounted)
    is_right = is_right && u.is_nothing();
  return is_right;
}

result<> catalog::count_usage_again() {
  auto counted = count_cheaply(writing_, tables_);
  if (!counted)
    return fail(counted.error());
  auto done = lmdb::for_each(writing_, tables_.files, [&](auto id, auto) -> result<> {
    const auto r = find(id);
    if (!r)
      return fail(r.error());
    if (r->state != status::receiving)
      (*counted)[r->user].bytes += r->bytes;
    return {};
  });
  // A user that has no files any more may still have a row.
  if (done)
    done = lmdb::for_each(writing_, tables_.usage, [&](auto key, auto) -> result<> {
      counted->try_emplace(std::string{key});
      return {};
    });
  for (auto& [user, u] : *counted) {
    const auto known = find_usage(user);
    if (!known)
      return fail(known.error());
    u.unknown = known->unknown;
    if (done)
      done = put_usage(user, u);
  }
  return done;
}

} // namespace mediad::storage
