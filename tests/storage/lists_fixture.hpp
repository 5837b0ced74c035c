#pragma once

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/names.hpp"
#include "tests/storage/scene.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mediad::tests {

/// Records without bytes, written straight into the tables, and a plain model of what lists say.
struct lists_fixture : scene {
  using ids = std::vector<std::string>;

  std::map<std::string, file_record> all; ///< Every record, by its id.
  std::mt19937 random{20'261'129};        // NOLINT(cert-msc51-cpp): the same each time

  /// Changes the tables while no store has them open.
  template <class Change>
  void in_tables(Change change) {
    store.reset();
    {
      auto db = storage::database::open(settings, nullptr).value();
      auto txn = db->write().value();
      storage::catalog rows{txn, db->table()};
      change(rows, txn, db->table());
      std::move(txn).commit().value();
    }
    open();
  }

  std::size_t any(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(random);
  }
  template <class List>
  auto any_of(const List& list) {
    return list.at(any(list.size()));
  }

  void vary(file_record& r, const ids& folders) {
    static const ids names{"beach.jpg", "Beach.jpg", "Ärger.png", "ärger.png", "z", "10", "9"};
    static const std::vector<ids> tags{{}, {}, {"Sea"}, {"sea", "sun"}, {"Sun", "\u00c9t\u00e9"}};
    static const std::vector<status> states{status::receiving,  status::registered,
                                            status::processing, status::ready,
                                            status::failed,     status::cancelled};
    static const std::vector<profile> profiles{profile::image, profile::video, profile::other};
    static const std::vector<unix_ms> dates{0, 0, -86'400'000'000, 1'000, 1'700'000'000'000};
    r.name = any_of(names);
    r.tags = any_of(tags);
    r.state = any_of(states);
    r.profile = any_of(profiles);
    r.taken_at = any_of(dates);
    r.folder = any_of(folders);
    r.favourite = any(3) == 0;
  }

  file_record new_record(const std::string& user, const ids& folders = {""}) {
    file_record r;
    r.id = make_ulid();
    r.user = id_of(user);
    r.bytes = any(5);
    r.created_at = 1'600'000'000'000 + static_cast<unix_ms>(any(1'000'000));
    r.is_part = any(20) == 0;
    vary(r, folders);
    return r;
  }

  void put(storage::catalog& rows, const file_record& r) {
    rows.put(r).value();
    all[r.id] = r;
  }
  void erase(storage::catalog& rows, const std::string& id) {
    const auto known = all.find(id);
    rows.erase(known->second).value();
    all.erase(known);
  }

  static bool has_tag(const file_record& r, const std::string& tag) {
    return std::any_of(r.tags.begin(), r.tags.end(), [&](const auto& one) {
      return storage::folded_name(one) == storage::folded_name(tag);
    });
  }

  static bool is_wanted(const file_record& r, const storage::list_query& q) {
    const auto date = r.taken_at != 0 ? r.taken_at : r.created_at;
    return r.user == q.user && !r.is_part && (!q.profile || r.profile == *q.profile)
           && (!q.state || r.state == *q.state) && (!q.folder || r.folder == *q.folder)
           && (q.tag.empty() || has_tag(r, q.tag)) && (!q.favourite || r.favourite == *q.favourite)
           && (!q.from || date >= *q.from) && (!q.to || date < *q.to);
  }

  static auto place_of(const file_record& r, storage::list_sort by) {
    const auto date = r.taken_at != 0 ? r.taken_at : r.created_at;
    const bool is_by_name = by == storage::list_sort::name;
    unix_ms number = 0;
    if (by == storage::list_sort::taken)
      number = date;
    if (by == storage::list_sort::size)
      number = static_cast<unix_ms>(r.bytes);
    return std::tuple{is_by_name ? storage::folded_name(r.name) : std::string{}, number, r.id};
  }

  /// What a list must say, by a look at every record.
  ids expected(const storage::list_query& q) const {
    std::vector<file_record> some;
    for (const auto& [id, r] : all)
      if (is_wanted(r, q))
        some.push_back(r);
    std::sort(some.begin(), some.end(), [&](const auto& a, const auto& b) {
      return q.ascending ? place_of(a, q.sort) < place_of(b, q.sort)
                         : place_of(b, q.sort) < place_of(a, q.sort);
    });
    ids found;
    for (const auto& r : some)
      found.push_back(r.id);
    return found;
  }

  /// What the pages of a list say, one after the other.
  ids listed(storage::list_query q) const {
    ids found;
    do {
      const auto page = reader().list(q).value();
      for (const auto& r : page.files)
        found.push_back(r.id);
      q.cursor = page.cursor;
    } while (!q.cursor.empty());
    return found;
  }

  storage::list_query query(const std::string& user = "ann") const {
    storage::list_query q;
    q.user = id_of(user);
    q.counts = true;
    return q;
  }

  /// Any filters in any order.
  storage::list_query any_query(const ids& folders) {
    static const std::vector<storage::list_sort> sorts{
      storage::list_sort::created, storage::list_sort::name, storage::list_sort::size,
      storage::list_sort::taken};
    auto q = query();
    q.sort = any_of(sorts);
    q.ascending = any(2) == 0;
    q.limit = 1 + any(9);
    if (any(3) == 0)
      q.profile = any(2) == 0 ? profile::image : profile::video;
    if (any(3) == 0)
      q.state = any_of(std::vector<status>{status::registered, status::ready, status::failed});
    if (any(3) == 0)
      q.folder = any_of(folders);
    if (any(3) == 0)
      q.tag = any_of(ids{"SEA", "sun", "\u00e9T\u00c9", "none"});
    if (any(4) == 0)
      q.favourite = any(2) == 0;
    if (any(4) == 0)
      q.from = 0;
    if (any(4) == 0)
      q.to = 1'600'000'500'000;
    return q;
  }

  /// As a release without lists would leave the tables.
  static void forget_lists(storage::lmdb::write_txn& txn, const storage::tables& t) {
    txn.clear(t.lists).value();
    txn.clear(t.tags).value();
    txn.clear(t.tiles).value();
    txn.clear(t.months).value();
    storage::counter_row seq;
    seq.number = 7;
    txn.put(t.meta, "last_seq", storage::encode(seq)).value();
  }
};

} // namespace mediad::tests
