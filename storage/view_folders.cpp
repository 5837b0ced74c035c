#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/names.hpp"
#include "storage/view.hpp"

#include <algorithm>
#include <functional>
#include <utility>

/// The folders of users, and what is in them, as they may be read.
namespace mediad::storage {
namespace {

constexpr std::size_t max_page = 500;

/// The newest ids that come before another, of any number that are shown to it.
class newest_ids {
public:
  newest_ids(std::string before, std::size_t at_most)
    : before_{std::move(before)}, at_most_{at_most} {}

  void add(std::string_view id) {
    if (!before_.empty() && id >= before_)
      return;
    if (ids_.size() == at_most_ && id <= ids_.front())
      return;
    ids_.emplace_back(id);
    std::push_heap(ids_.begin(), ids_.end(), std::greater<>{});
    if (ids_.size() <= at_most_)
      return;
    std::pop_heap(ids_.begin(), ids_.end(), std::greater<>{});
    ids_.pop_back();
  }
  /// Ids grow with time.
  std::vector<std::string> newest_first() && {
    std::sort(ids_.begin(), ids_.end(), std::greater<>{});
    return std::move(ids_);
  }

private:
  std::string before_;
  std::size_t at_most_;
  std::vector<std::string> ids_; ///< A heap with the oldest in front.
};

/// Shows @p found the files that have a name in the folder, and those below it if that is wanted.
result<> collect(const lmdb::read_txn& txn, const tables& t, const folder_query& query,
                 newest_ids& found) {
  auto walk = txn.walk(t.links);
  if (!walk)
    return fail(walk.error());
  std::vector<std::string> open{query.folder};
  while (!open.empty()) {
    const auto prefix = folder_key(query.user, open.back());
    open.pop_back();
    auto row = walk->at_or_after(prefix);
    for (; row && *row && (*row)->key.starts_with(prefix); row = walk->next()) {
      auto link = parse_link((*row)->value);
      if (!link)
        return fail(link.error());
      if (!link->is_folder)
        found.add(link->id);
      else if (query.with_subfolders)
        open.push_back(std::move(link->id));
    }
    if (!row)
      return fail(row.error());
  }
  return {};
}

bool wants(const folder_query& query, const file_record& record) {
  return (!query.profile || record.profile == *query.profile)
         && (!query.state || record.state == *query.state);
}

/// A folder and those above it, the innermost first.
result<std::vector<folder_row>> line_of(const catalog_reader& rows, std::string_view id) {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id of a folder");
  std::vector<folder_row> line;
  std::string next{id};
  // Rules keep trees shallow and free of circles; a damaged row must not make this endless.
  while (!next.empty() && line.size() <= max_folder_depth) {
    auto row = rows.find_folder(next);
    if (!row)
      return fail(row.error());
    next = row->parent;
    line.push_back(*std::move(row));
  }
  return line;
}

} // namespace

result<list_page> view::list_in_folder(const folder_query& query) const {
  if (query.limit < 1 || query.limit > max_page)
    return fail(errc::bad_request, "limit " + std::to_string(query.limit) + " is not 1..500");
  if (!query.cursor.empty() && !is_ulid(query.cursor))
    return fail(errc::bad_request, "not a cursor of ours");
  // Filters apply to the records themselves: a page that they leave little of is not the last.
  newest_ids found{query.cursor, query.limit + 1};
  list_page page;
  if (!is_ulid(query.user) || !is_ulid(query.folder))
    return page;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  if (auto ok = collect(*txn, db_->table(), query, found); !ok)
    return fail(ok.error());
  auto ids = std::move(found).newest_first();
  if (ids.size() > query.limit) {
    ids.pop_back();
    page.cursor = ids.back();
  }
  const catalog_reader rows{*txn, db_->table()};
  for (const auto& id : ids) {
    auto record = rows.find(id);
    if (!record)
      return fail(record.error());
    if (wants(query, *record))
      page.files.push_back(*std::move(record));
  }
  return page;
}

result<std::vector<folder_row>> view::folders_above(std::string_view id) const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  return line_of({*txn, db_->table()}, id);
}

result<folder_line> view::folder_line_for(std::string_view id, std::string_view user) const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_->table()};
  auto above = line_of(rows, id);
  if (!above)
    return fail(above.error());
  folder_line line;
  line.rows = *std::move(above);
  for (std::size_t i = 0; i < line.rows.size(); ++i) {
    const auto granted = rows.find_grant(line.rows[i].id, user);
    if (!granted)
      return fail(granted.error());
    if (!*granted)
      continue;
    line.granted = std::max(line.granted.value_or(**granted), **granted);
    line.shown = i + 1;
  }
  return line;
}

result<std::vector<grant_row>> view::grants_in(std::string_view folder) const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.grants_in(folder) : fail(txn.error());
}

result<std::vector<grant_row>> view::grants_to(std::string_view user) const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.grants_to(user) : fail(txn.error());
}

result<std::vector<folder>> view::folders(std::string_view user, std::string_view below,
                                          std::size_t levels) const {
  std::vector<folder> found;
  if (!is_ulid(user) || (!below.empty() && !is_ulid(below)))
    return found;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_->table()};
  auto some = rows.subfolders(below.empty() ? user : below);
  for (std::size_t next = 0; some; ++next) {
    const auto above = next == 0 ? std::string{} : found[next - 1].path + "/";
    for (auto& row : *some) {
      auto path = above + row.name;
      found.push_back({std::move(row), std::move(path)});
    }
    const auto depth = [&](const folder& f) {
      return 1 + static_cast<std::size_t>(std::count(f.path.begin(), f.path.end(), '/'));
    };
    if (next == found.size() || depth(found[next]) >= levels)
      return found;
    some = rows.subfolders(found[next].row.id);
  }
  return fail(some.error());
}

const char* view::fault_of_name(std::string_view name) {
  return find_name_fault(name);
}

result<std::string> view::subfolder(std::string_view user, std::string_view parent,
                                    std::string_view name) const {
  if (find_name_fault(name) != nullptr)
    return std::string{};
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  auto link = catalog_reader{*txn, db_->table()}.find_link(user, parent, clean_name(name));
  if (!link)
    return fail(link.error());
  return *link && (*link)->is_folder ? std::move((*link)->id) : std::string{};
}

} // namespace mediad::storage
