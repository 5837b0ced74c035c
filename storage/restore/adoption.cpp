#include "storage/restore/adoption.hpp"

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/restore/former_ids.hpp"
#include "storage/restore/places.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace mediad::storage {
namespace {

/// Rows that share a transaction: what is not committed stays in memory.
constexpr std::size_t rows_at_once = 1024;

/// Does @p step with each of @p all.
template <class All, class Step>
result<> for_each(database& db, All& all, Step step) {
  for (auto next = all.begin(); next != all.end();) {
    auto txn = db.write();
    if (!txn)
      return fail(txn.error());
    catalog rows{*txn, db.table()};
    for (std::size_t i = 0; i < rows_at_once && next != all.end(); ++i, ++next)
      if (auto ok = step(rows, *next); !ok)
        return ok;
    if (auto ok = std::move(*txn).commit(); !ok)
      return ok;
  }
  return {};
}

class adoption {
public:
  adoption(database& db, const folders& root, survey& found, restore_summary& summary)
    : db_{db}, root_{root}, places_{root}, found_{found}, summary_{summary} {}

  result<> run() {
    const auto ids = former_ids::read(root_);
    auto done = ids ? leap() : fail(ids.error());
    if (done)
      done = for_each(db_, found_.names, [&](catalog& c, auto& n) {
        const auto user = c.user_named(n.user);
        return user && user->empty() ? places_.follow_user(c, n.user, ids->find(n)) : result<>{};
      });
    if (done)
      done = for_each(db_, found_.names, [this](catalog& c, auto& n) { return match(c, n); });
    if (done)
      note_unknown(*ids);
    auto missing = done ? find_missing() : fail(done.error());
    if (!missing)
      return fail(missing.error());
    done = for_each(db_, *missing, [this](catalog& c, auto& id) { return settle(c, id); });
    if (done)
      done = for_each(db_, moved_, [this](catalog& c, auto& id) { return move(c, id); });
    if (done)
      done = for_each(db_, found_.folders, [this](catalog& c, auto& f) {
        const auto made = places_.folder(c, f.user, f.path);
        return made ? result<>{} : fail(made.error());
      });
    if (done)
      done = for_each(db_, found_.names, [this](catalog& c, auto& n) { return take_in(c, n); });
    return done;
  }

private:
  result<> leap();
  result<> match(catalog& rows, found_name& name);
  void note_unknown(const former_ids& ids);
  result<std::vector<std::string>> find_missing();
  result<> settle(catalog& rows, const std::string& id);
  found_name* moved_to(const file_record& r);
  bool is_deleted(const file_record& r) const;
  result<> move(catalog& rows, const std::string& id);
  result<> remove(catalog& rows, const file_record& r);
  result<> take_in(catalog& rows, found_name& name);
  result<file_record> record_of(catalog& rows, const found_name& name);

  database& db_;
  const folders& root_;
  places places_;
  survey& found_;
  restore_summary& summary_;
  std::vector<std::string> moved_;       ///< Ids of records whose bytes have another name.
  std::unordered_set<std::string> seen_; ///< Ids of records whose bytes have their name.
  /// Names that no record has, by their digests.
  std::unordered_multimap<std::string, found_name*> unknown_;
};

/// Clients may have seen later events than the copy has, and come back with their numbers. How many
/// there were since, only the lost database knew; more than ten a millisecond there were not.
result<> adoption::leap() {
  constexpr std::int64_t least = 1'000'000;
  constexpr std::int64_t each_millisecond = 10;
  const auto age = std::max<unix_ms>(now_ms() - summary_.made_at, 0);
  auto txn = db_.write();
  if (!txn)
    return fail(txn.error());
  catalog rows{*txn, db_.table()};
  const auto last = rows.last_seq();
  if (!last)
    return fail(last.error());
  summary_.events_from = *last + static_cast<std::uint64_t>(least + age * each_millisecond);
  if (auto ok = rows.put_last_seq(summary_.events_from); !ok)
    return ok;
  return std::move(*txn).commit();
}

/// Notes a name that is as the copy says.
result<> adoption::match(catalog& rows, found_name& name) {
  const auto place = places_.find(rows, name.user, name.path);
  if (!place)
    return fail(place.error());
  if (!*place)
    return {};
  const auto link = rows.find_link((*place)->user, (*place)->folder, name.name);
  if (!link)
    return fail(link.error());
  if (!*link || (*link)->is_folder || (*link)->name != name.name)
    return {};
  const auto record = rows.find((*link)->id);
  if (!record)
    return fail(record.error());
  if (record->sha256 != name.sha256)
    return {};
  seen_.insert(record->id);
  name.is_known = true;
  ++summary_.known;
  return {};
}

void adoption::note_unknown(const former_ids& ids) {
  for (auto& name : found_.names)
    if (!name.is_known) {
      name.former_id = ids.find(name);
      unknown_.emplace(name.sha256, &name);
    }
}

/// Files of the copy whose bytes do not have their name.
result<std::vector<std::string>> adoption::find_missing() {
  std::vector<std::string> missing;
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  auto done = lmdb::for_each(*txn, db_.table().by_user, [&](auto key, auto value) -> result<> {
    const auto entry = parse_entry(value);
    if (!entry)
      return fail(entry.error());
    std::string id{after_user(key)};
    if (entry->state != status::receiving && !seen_.contains(id))
      missing.push_back(std::move(id));
    return {};
  });
  return done ? result<std::vector<std::string>>{std::move(missing)} : fail(done.error());
}

result<> adoption::settle(catalog& rows, const std::string& id) {
  const auto record = rows.find(id);
  if (!record)
    return fail(record.error());
  // What is in the trash has no name that could be found.
  if (record->deleted_at != 0 && root_.exists(blob_place(record->sha256)))
    return {};
  if (moved_to(*record) != nullptr) {
    moved_.push_back(id); // Once the names of those that are gone are free.
    return {};
  }
  if (!root_.exists(blob_place(record->sha256)) || is_deleted(*record))
    return remove(rows, *record);
  ++summary_.nameless;
  // Its name is that of other bytes by now, or of a folder: the start makes it another one.
  return root_.exists(original_link(*record)) ? places_.rename(rows, *record) : result<>{};
}

/// The name that the file has now, if there is one: of the same bytes in the folders of the same
/// user, and not of another id.
found_name* adoption::moved_to(const file_record& record) {
  const auto [first, last] = unknown_.equal_range(record.sha256);
  found_name* to = nullptr;
  for (auto one = first; one != last; ++one) {
    auto& name = *one->second;
    if (name.is_known || name.user != record.user_name)
      continue;
    if (name.former_id == record.id)
      return &name;
    if (name.former_id.empty())
      to = &name;
  }
  return to;
}

/// Other files may share its bytes. But if its name is gone, and all that was made of it, too, its
/// user has deleted it.
bool adoption::is_deleted(const file_record& record) const {
  bool has_made = false;
  bool is_there = root_.exists(original_link(record));
  const auto look = [&](bool made, const place& where) {
    has_made = has_made || made;
    is_there = is_there || (made && root_.exists(where));
  };
  look(record.preview.exists(), preview_place(record.id));
  look(!record.renditions.empty(), renditions_place(record.id));
  look(!record.archive.name.empty(), archive_place(record.id));
  return has_made && !is_there;
}

result<> adoption::move(catalog& rows, const std::string& id) {
  const auto record = rows.find(id);
  if (!record)
    return fail(record.error());
  auto* to = moved_to(*record);
  if (to == nullptr) // Another record has taken it.
    return {};
  auto moved = *record;
  if (auto ok = places_.give(rows, moved, *to); !ok)
    return ok;
  to->is_known = true;
  ++summary_.moved;
  return rows.put_moved(*record, moved);
}

result<> adoption::remove(catalog& rows, const file_record& r) {
  if (auto ok = rows.erase(r); !ok)
    return ok;
  if (const auto last = rows.drop_blob_user(r.sha256); !last)
    return fail(last.error());
  ++summary_.removed;
  const auto told = announce(rows, r, "file.deleted", now_ms());
  return told ? result<>{} : fail(told.error());
}

/// A record for @p name, under its former id unless another file has that. The upload may have been
/// known already, and not whole: then its client's name is known, too.
result<file_record> adoption::record_of(catalog& rows, const found_name& name) {
  file_record r;
  r.created_at = name.born_at;
  r.modified_at = name.modified_at;
  auto begun = name.former_id.empty() ? fail(errc::not_found, "no id") : rows.find(name.former_id);
  if (!begun && begun.error().code != errc::not_found)
    return begun;
  if (begun && begun->state == status::receiving && begun->user_name == name.user) {
    r.name = begun->name;
    r.created_at = begun->created_at;
    r.modified_at = begun->modified_at;
    if (auto ok = rows.erase(*begun); !ok)
      return fail(ok.error());
    begun = fail(errc::not_found, "erased");
  }
  const bool has_id = !begun && !name.former_id.empty();
  r.id = has_id ? name.former_id : make_ulid(name.born_at);
  r.bytes = name.bytes;
  r.sha256 = name.sha256;
  r.state = status::registered;
  summary_.same_id += has_id ? 1 : 0;
  return r;
}

result<> adoption::take_in(catalog& rows, found_name& name) {
  if (name.is_known)
    return {};
  auto record = record_of(rows, name);
  if (!record)
    return fail(record.error());
  if (auto ok = places_.give(rows, *record, name); !ok)
    return ok;
  if (record->name.empty())
    record->name = record->link_name;
  if (auto ok = rows.add_blob_user(record->sha256, record->bytes); !ok)
    return ok;
  name.is_known = true;
  ++summary_.adopted;
  const auto told = announce(rows, std::move(*record), "file.registered", now_ms());
  return told ? result<>{} : fail(told.error());
}

} // namespace

result<> adopt(database& db, const folders& root, survey& found, restore_summary& summary) {
  return adoption{db, root, found, summary}.run();
}

} // namespace mediad::storage
