#include "base/signing.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/view.hpp"

#include <algorithm>
#include <utility>

/// Lists of files.
namespace mediad::storage {
namespace {

constexpr std::size_t max_page = 500;
constexpr std::uint64_t max_counted = 10'000;
// A filter that matches next to nothing must not hold its snapshot for long.
constexpr std::uint64_t max_scanned = 5'000;
// Greater than what any position begins with: names are UTF-8, ids ASCII, numbers below 2^63 and
// dates within some thousand years.
constexpr const char* end_of_positions = "\xff";

/// Walks the keys of one list in one direction.
class list_walk {
public:
  /// @param first, last  the keys walked are at least @p first and less than @p last.
  list_walk(lmdb::cursor rows, std::string first, std::string last, bool is_ascending)
    : rows_{std::move(rows)},
      first_{std::move(first)},
      last_{std::move(last)},
      is_ascending_{is_ascending} {}

  /// @param behind  the key that the walk goes on behind; empty: from the beginning.
  result<std::optional<std::string_view>> begin(const std::string& behind) {
    if (is_ascending_)
      return in_range(rows_.at_or_after(std::max(first_, behind.empty() ? behind : behind + '\0')));
    return in_range(rows_.before(behind.empty() ? last_ : std::min(last_, behind)));
  }
  result<std::optional<std::string_view>> next() {
    return in_range(is_ascending_ ? rows_.next() : rows_.previous());
  }

private:
  result<std::optional<std::string_view>> in_range(const result<std::optional<lmdb::row>>& row) {
    if (!row)
      return fail(row.error());
    if (!*row || (*row)->key < first_ || (*row)->key >= last_)
      return std::optional<std::string_view>{};
    return std::optional{(*row)->key};
  }

  lmdb::cursor rows_;
  std::string first_;
  std::string last_;
  bool is_ascending_;
};

/// Answers one query within one snapshot.
class lister {
public:
  lister(const lmdb::read_txn& txn, const tables& from, const list_query& query)
    : txn_{txn}, tables_{from}, rows_{txn, from}, query_{query} {
    choose_facets();
    prefix_ = list_prefix(query.user, facet_, query.sort);
  }

  result<list_page> page();

private:
  void choose_facets();
  /// Whether filters are left that the list itself does not answer.
  bool is_scan() const {
    return !others_.empty() || has_no_favourites_ || looks_at_entries_ || looks_at_records_;
  }
  result<list_walk> walk(bool is_ascending) const;
  result<bool> matches(std::string_view id) const;
  result<bool> is_in(std::string_view facet, std::string_view id) const;
  result<bool> fits_entry(std::string_view id) const;
  result<bool> fits_record(std::string_view id) const;
  result<std::string> behind() const;
  std::string cursor_of(std::string_view key) const;
  result<> add(std::string_view id, list_page& page) const;
  result<std::optional<std::uint64_t>> total() const;

  const lmdb::read_txn& txn_;
  const tables& tables_;
  catalog_reader rows_;
  const list_query& query_;
  std::string facet_;               ///< Facet whose list is walked.
  std::vector<std::string> others_; ///< Facets that a file must have, too.
  bool has_no_favourites_ = false;
  bool looks_at_entries_ = false; ///< State or date are told by the entry alone.
  bool looks_at_records_ = false; ///< As all filters are, of what is in the trash.
  std::string prefix_;
};

/// The filter that few files match comes first, as far as its kind tells.
void lister::choose_facets() {
  std::vector<std::string> all;
  if (!query_.tag.empty())
    all.push_back(facet_of_tag(query_.tag));
  if (query_.favourite && *query_.favourite)
    all.emplace_back(facet_of_favourites);
  if (query_.state && *query_.state != status::ready)
    all.push_back(facet_of(*query_.state));
  if (query_.folder)
    all.push_back(facet_of_folder(query_.user, *query_.folder));
  if (query_.profile)
    all.push_back(facet_of(*query_.profile));
  if (query_.state && *query_.state == status::ready)
    all.push_back(facet_of(status::ready));
  has_no_favourites_ = query_.favourite && !*query_.favourite;
  const bool has_dates = query_.from || query_.to;
  looks_at_entries_ = (query_.state && !has_own_facet(*query_.state))
                      || (has_dates && query_.sort != list_sort::taken);
  if (query_.trash) {
    facet_ = facet_of_trash;
    looks_at_records_ = !all.empty() || has_no_favourites_ || looks_at_entries_;
    return;
  }
  facet_ = all.empty() ? std::string{facet_of_all} : all.front();
  if (!all.empty())
    others_.assign(all.begin() + 1, all.end());
}

result<list_walk> lister::walk(bool is_ascending) const {
  auto rows = txn_.walk(tables_.lists);
  if (!rows)
    return fail(rows.error());
  auto first = prefix_;
  auto last = prefix_;
  const bool is_by_date = query_.sort == list_sort::taken;
  if (is_by_date && query_.from)
    first += position_of_date(*query_.from);
  last += is_by_date && query_.to ? position_of_date(*query_.to) : end_of_positions;
  return list_walk{std::move(*rows), std::move(first), std::move(last), is_ascending};
}

result<bool> lister::is_in(std::string_view facet, std::string_view id) const {
  const auto key = list_prefix(query_.user, facet, list_sort::created).append(id);
  const auto row = txn_.get(tables_.lists, key);
  return row ? result<bool>{row->has_value()} : fail(row.error());
}

result<bool> lister::fits_entry(std::string_view id) const {
  const auto value = txn_.get(tables_.by_user, user_key(query_.user, id));
  if (!value)
    return fail(value.error());
  if (!*value)
    return false;
  const auto entry = parse_entry(**value);
  if (!entry)
    return fail(entry.error());
  return (!query_.state || entry->state == *query_.state)
         && (!query_.from || entry->date >= *query_.from)
         && (!query_.to || entry->date < *query_.to);
}

bool has_tag(const listed_file& file, const std::string& folded) {
  return std::any_of(file.tags.begin(), file.tags.end(),
                     [&](const auto& one) { return folded_tag(one) == folded; });
}

result<bool> lister::fits_record(std::string_view id) const {
  const auto found = rows_.find_listed(id);
  if (!found)
    return fail(found.error());
  if (!*found)
    return false;
  const auto& file = **found;
  return (!query_.profile || file.profile == *query_.profile)
         && (!query_.state || file.state == *query_.state)
         && (!query_.folder || file.folder == *query_.folder)
         && (query_.tag.empty() || has_tag(file, folded_tag(query_.tag)))
         && (!query_.favourite || file.favourite == *query_.favourite)
         && (!query_.from || file.date() >= *query_.from)
         && (!query_.to || file.date() < *query_.to);
}

result<bool> lister::matches(std::string_view id) const {
  if (query_.trash)
    return looks_at_records_ ? fits_record(id) : result<bool>{true};
  for (const auto& facet : others_) {
    auto is_there = is_in(facet, id);
    if (!is_there || !*is_there)
      return is_there;
  }
  if (has_no_favourites_) {
    const auto is_favourite = is_in(facet_of_favourites, id);
    if (!is_favourite || *is_favourite)
      return is_favourite ? result<bool>{false} : fail(is_favourite.error());
  }
  return looks_at_entries_ ? fits_entry(id) : result<bool>{true};
}

/// By the ids the cursor is one: those of releases before go on.
std::string lister::cursor_of(std::string_view key) const {
  if (query_.sort == list_sort::created)
    return std::string{id_of_position(key)};
  auto place = std::string(1, static_cast<char>(query_.sort));
  return to_base64url(place.append(key.substr(prefix_.size())));
}

/// The key that the cursor stands for; empty if there is none.
result<std::string> lister::behind() const {
  if (query_.cursor.empty())
    return std::string{};
  auto position = query_.cursor;
  if (query_.sort != list_sort::created) {
    const auto place = from_base64url(query_.cursor).value_or("");
    const bool is_of_sort = !place.empty() && place.front() == static_cast<char>(query_.sort);
    position = is_of_sort ? place.substr(1) : std::string{};
  }
  if (!is_list_position(position, query_.sort))
    return fail(errc::bad_request, "not a cursor of ours");
  return prefix_ + position;
}

/// What lists have of a file that is gone is passed over: a release without lists may have removed
/// its record.
result<> lister::add(std::string_view id, list_page& page) const {
  auto record = rows_.find(id);
  if (!record && record.error().code != errc::not_found)
    return fail(record.error());
  if (record && record->user == query_.user)
    page.files.push_back(std::move(*record));
  return {};
}

result<list_page> lister::page() {
  list_page page;
  const auto from = behind();
  if (!from)
    return fail(from.error());
  auto keys = walk(query_.ascending);
  if (!keys)
    return fail(keys.error());
  std::string last;
  std::uint64_t seen = 0;
  auto key = keys->begin(*from);
  for (; key && *key; key = keys->next()) {
    if (page.files.size() == query_.limit || (is_scan() && seen == max_scanned)) {
      page.cursor = cursor_of(last);
      break;
    }
    ++seen;
    last = **key;
    const auto id = id_of_position(last);
    const auto is_wanted = matches(id);
    if (!is_wanted)
      return fail(is_wanted.error());
    if (*is_wanted)
      if (auto ok = add(id, page); !ok)
        return fail(ok.error());
  }
  if (!key)
    return fail(key.error());
  if (is_scan())
    page.scanned = seen;
  if (!query_.counts)
    return page;
  auto all = total();
  if (!all)
    return fail(all.error());
  page.total = *all;
  return page;
}

result<std::optional<std::uint64_t>> lister::total() const {
  const auto max_seen = is_scan() ? max_scanned : max_counted;
  auto keys = walk(true);
  if (!keys)
    return fail(keys.error());
  std::uint64_t seen = 0;
  std::uint64_t found = 0;
  auto key = keys->begin({});
  for (; key && *key; key = keys->next()) {
    if (seen++ == max_seen)
      return std::optional<std::uint64_t>{};
    const auto is_wanted = is_scan() ? matches(id_of_position(**key)) : result<bool>{true};
    if (!is_wanted)
      return fail(is_wanted.error());
    found += *is_wanted ? 1 : 0;
  }
  return key ? result<std::optional<std::uint64_t>>{std::optional{found}} : fail(key.error());
}

} // namespace

result<list_page> view::list(const list_query& query) const {
  if (query.limit < 1 || query.limit > max_page)
    return fail(errc::bad_request, "limit " + std::to_string(query.limit) + " is not 1..500");
  if (query.sort == list_sort::created && !query.cursor.empty() && !is_ulid(query.cursor))
    return fail(errc::bad_request, "not a cursor of ours");
  if (!is_ulid(query.user))
    return list_page{};
  auto txn = db_->read();
  return txn ? lister{*txn, db_->table(), query}.page() : fail(txn.error());
}

} // namespace mediad::storage
