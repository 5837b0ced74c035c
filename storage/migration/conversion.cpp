#include "storage/migration/conversion.hpp"

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/migration/schema1.hpp"
#include "storage/tree/names.hpp"

#include <initializer_list>
#include <map>
#include <utility>

namespace mediad::storage {
namespace {

/// Rows that share a transaction: what is not committed stays in memory, and what is being read
/// beside a running server keeps it from using its free pages again.
constexpr std::size_t rows_at_once = 4096;

/// A key for people to read: text, or a number in eight bytes.
std::string shown(std::string_view key) {
  const auto number = parse_number_key(key);
  return number ? std::to_string(*number) : std::string{key.substr(0, key.find('\0'))};
}

/// Converts rows of schema 1 and puts them into a transaction of the new database. What is derived
/// from them comes by itself, as the catalog keeps it.
class converter {
public:
  converter(lmdb::write_txn& txn, const tables& t, std::map<std::string, user_row>& users)
    : rows_{txn, t}, users_{users} {}

  result<> file(std::string_view, std::string_view value) {
    auto r = schema1::parse_record(value);
    if (!r)
      return fail(r.error());
    if (auto ok = to_id(r->user); !ok)
      return ok;
    if (auto ok = keep_apart(*r); !ok)
      return ok;
    return rows_.put(*r);
  }

  result<> shared_bytes(std::string_view key, std::string_view value) {
    const auto b = schema1::parse_blob(value);
    return b ? rows_.put_blob(key, *b) : fail(b.error());
  }

  result<> upload(std::string_view, std::string_view value) {
    auto u = schema1::parse_upload(value);
    if (!u)
      return fail(u.error());
    if (auto ok = to_id(u->user); !ok)
      return ok;
    return rows_.put_upload(*u);
  }

  result<> request(std::string_view key, std::string_view value) {
    const auto row = schema1::parse_key_row(value);
    if (!row)
      return fail(row.error());
    std::string user{schema1::user_of(key)};
    if (auto ok = to_id(user); !ok)
      return ok;
    return rows_.put_key(user, schema1::after_user(key), *row);
  }

  result<> history(std::string_view key, std::string_view value) {
    auto e = schema1::parse_event(key, value);
    if (!e)
      return fail(e.error());
    if (auto ok = to_id(e->user); !ok)
      return ok;
    if (e->file.id.empty())
      return rows_.put_event(*e, {});
    e->file.user = e->user;
    return rows_.put_event(*e, encode(e->file));
  }

private:
  /// Makes a user's name the id that the user has got; an empty one stays.
  result<> to_id(std::string& user) {
    if (user.empty())
      return {};
    const auto [known, is_new] = users_.try_emplace(user);
    if (is_new) {
      known->second.id = make_ulid();
      known->second.name = user;
      known->second.created_at = now_ms();
      if (auto ok = rows_.put_user(known->second); !ok)
        return ok;
    }
    user = known->second.id;
    return {};
  }

  /// Names that differed by upper and lower case alone have become the same: the later file's gets
  /// a number. Its links are made anew after this (reconcile_links).
  result<> keep_apart(file_record& record) const {
    for (std::size_t n = 2; !record.link_name.empty(); ++n) {
      const auto owner = rows_.find_link(record.user, record.folder, record.link_name);
      if (!owner)
        return fail(owner.error());
      if (!*owner)
        break;
      record.link_name = numbered_name(record.name, n);
    }
    return {};
  }

  catalog rows_;
  std::map<std::string, user_row>& users_; ///< Users by their names.
};

using step = result<> (converter::*)(std::string_view, std::string_view);

/// Walks all of schema 1 and has each row converted into @p fresh.
class walker {
public:
  walker(const old_database& old, database& fresh, bool is_dry, const conversion_progress& told)
    : old_{old}, fresh_{fresh}, is_dry_{is_dry}, told_{told} {}

  result<std::size_t> run() {
    const auto rows = old_.rows();
    if (!rows)
      return rows;
    rows_ = *rows;
    const auto& t = old_.tables;
    auto done = convert("files", t.files, &converter::file);
    if (done)
      done = convert("blobs", t.blobs, &converter::shared_bytes);
    if (done)
      done = convert("uploads", t.uploads, &converter::upload);
    if (done)
      done = convert("keys", t.keys, &converter::request);
    if (done)
      done = convert("events", t.events, &converter::history);
    if (done)
      done = keep_last_seq();
    return done ? rows : fail(done.error());
  }

private:
  result<> convert(const char* name, MDB_dbi table, step one) {
    std::string after;
    for (bool more = true; more;) {
      const auto some = convert_some(name, table, one, after);
      if (!some)
        return fail(some.error());
      told_(done_ += *some, rows_);
      more = *some == rows_at_once;
    }
    return {};
  }

  /// @param after  key of the last row converted; empty: from the first. Is set to the new last.
  result<std::size_t> convert_some(const char* name, MDB_dbi table, step one, std::string& after) {
    auto reading = old_.env.read();
    auto writing = fresh_.write();
    if (!reading || !writing)
      return fail(reading ? writing.error() : reading.error());
    auto walk = reading->walk(table);
    if (!walk)
      return fail(walk.error());
    converter rows{*writing, fresh_.table(), users_};
    auto row = after.empty() ? walk->first() : walk->at_or_after(after + '\0');
    std::size_t some = 0;
    for (; row && *row && some < rows_at_once; row = walk->next(), ++some) {
      if (auto ok = (rows.*one)((*row)->key, (*row)->value); !ok)
        return fail(ok.error().code, "the row " + shown((*row)->key) + " of table " + name
                                       + " cannot be migrated: " + ok.error().detail);
      after = (*row)->key;
    }
    if (!row)
      return fail(row.error());
    if (is_dry_)
      return some;
    auto done = std::move(*writing).commit();
    return done ? result<std::size_t>{some} : fail(done.error());
  }

  /// If all events have been trimmed, no row tells the last number.
  result<> keep_last_seq() const {
    auto reading = old_.env.read();
    auto writing = fresh_.write();
    if (!reading || !writing)
      return fail(reading ? writing.error() : reading.error());
    const auto seq = schema1::last_seq(*reading, old_.tables.meta);
    if (!seq || is_dry_)
      return seq ? result<>{} : fail(seq.error());
    auto done = catalog{*writing, fresh_.table()}.put_last_seq(*seq);
    return done ? std::move(*writing).commit() : done;
  }

  const old_database& old_;
  database& fresh_;
  bool is_dry_;
  const conversion_progress& told_;
  std::size_t rows_ = 0;
  std::size_t done_ = 0;
  std::map<std::string, user_row> users_;
};

} // namespace

result<old_database> old_database::open(const settings& s) {
  lmdb::environment_settings e;
  e.map_bytes = s.map_bytes;
  e.read_only = true;
  auto env = lmdb::environment::open(s.root / "system/db", e);
  if (!env)
    return fail(env.error());
  old_database old{std::move(*env), {}};
  const std::initializer_list<std::pair<const char*, MDB_dbi*>> all{
    {"files", &old.tables.files}, {"blobs", &old.tables.blobs},   {"uploads", &old.tables.uploads},
    {"keys", &old.tables.keys},   {"events", &old.tables.events}, {"meta", &old.tables.meta}};
  for (const auto& [name, handle] : all) {
    const auto table = old.env.open_table(name);
    if (!table)
      return fail(table.error());
    *handle = *table;
  }
  return old;
}

result<std::size_t> old_database::rows() const {
  auto txn = env.read();
  if (!txn)
    return fail(txn.error());
  std::size_t all = 0;
  for (const auto table :
       {tables.files, tables.blobs, tables.uploads, tables.keys, tables.events}) {
    const auto some = txn->count(table);
    if (!some)
      return some;
    all += *some;
  }
  return all;
}

result<std::size_t> convert_all(const old_database& old, database& fresh, bool is_dry,
                                const conversion_progress& told) {
  return walker{old, fresh, is_dry, told}.run();
}

} // namespace mediad::storage
