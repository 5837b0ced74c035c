#include "storage/catalog/catalog.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

/// The rows that lists are made of. They follow from the records.
namespace mediad::storage {
namespace {

constexpr std::string_view last_seq_key = "last_seq";
constexpr std::string_view relisting_key = "relisting";

std::vector<std::string> keys_of(const std::optional<listed_file>& file) {
  return file ? list_keys(*file) : std::vector<std::string>{};
}

std::string trashed_key(unix_ms at, std::string_view id) {
  return number_key(static_cast<std::uint64_t>(at)).append(id);
}

/// What is in @p some and not in @p others; both are sorted.
std::vector<std::string> without(const std::vector<std::string>& some,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

/// A file's tags, each once, as keys have them.
std::vector<std::string> folded_tags(const listed_file* file) {
  std::vector<std::string> all;
  if (file == nullptr || file->is_part || file->deleted_at != 0)
    return all;
  for (const auto& tag : file->tags)
    all.push_back(folded_tag(tag));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// The tag of the file that folds to @p folded, as its owner wrote it.
std::string written(const listed_file& file, const std::string& folded) {
  const auto tag = std::find_if(file.tags.begin(), file.tags.end(),
                                [&](const auto& one) { return folded_tag(one) == folded; });
  return tag == file.tags.end() ? folded : *tag;
}

} // namespace

result<std::optional<listed_file>> catalog_reader::find_listed(std::string_view id) const {
  const auto value = reading_.get(tables_.files, id);
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<listed_file>{};
  auto file = parse_listed(id, **value);
  if (!file)
    return fail(file.error());
  return std::optional{std::move(*file)};
}

result<bool> catalog_reader::is_listed(const listed_file& file) const {
  for (const auto& key : list_keys(file)) {
    const auto row = reading_.get(tables_.lists, key);
    if (!row)
      return fail(row.error());
    if (!*row)
      return false;
  }
  return true;
}

result<bool> catalog_reader::are_lists_current() const {
  const auto seq = find_counter(last_seq_key);
  const auto files = reading_.count(tables_.files);
  const auto rows = reading_.count(tables_.lists);
  if (!seq || !files || !rows)
    return fail(!seq ? seq.error() : !files ? files.error() : rows.error());
  return seq->listed == seq->number && (*files == 0 || *rows > 0);
}

result<std::optional<relisting_row>> catalog_reader::find_relisting() const {
  const auto value = reading_.get(tables_.meta, relisting_key);
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<relisting_row>{};
  auto row = parse_relisting(**value);
  if (!row)
    return fail(row.error());
  return std::optional{std::move(*row)};
}

result<std::vector<tag_row>> catalog_reader::tags(std::string_view user, std::string_view after,
                                                  std::size_t at_most) const {
  std::vector<tag_row> found;
  auto walk = reading_.walk(tables_.tags);
  if (!walk)
    return fail(walk.error());
  // No folded tag has a NUL: the next key is the next tag's.
  auto from = user_key(user, after);
  if (!after.empty())
    from += '\0';
  auto row = walk->at_or_after(from);
  for (; row && *row && user_of((*row)->key) == user && found.size() < at_most;
       row = walk->next()) {
    auto tag = parse_tag((*row)->value);
    if (!tag)
      return fail(tag.error());
    found.push_back(std::move(*tag));
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<std::vector<std::string>> catalog_reader::trashed(unix_ms before,
                                                         std::size_t at_most) const {
  std::vector<std::string> ids;
  auto walk = reading_.walk(tables_.trashed);
  if (!walk)
    return fail(walk.error());
  const auto end = number_key(static_cast<std::uint64_t>(before));
  auto row = walk->first();
  for (; row && *row && (*row)->key < end && ids.size() < at_most; row = walk->next())
    ids.emplace_back(id_of_position((*row)->key));
  if (!row)
    return fail(row.error());
  return ids;
}

result<std::vector<std::string>> catalog_reader::trash_of(std::string_view user,
                                                          std::size_t at_most) const {
  std::vector<std::string> ids;
  auto walk = reading_.walk(tables_.lists);
  if (!walk)
    return fail(walk.error());
  const auto prefix = list_prefix(user, facet_of_trash, list_sort::created);
  auto row = walk->at_or_after(prefix);
  for (; row && *row && (*row)->key.starts_with(prefix) && ids.size() < at_most; row = walk->next())
    ids.emplace_back(id_of_position((*row)->key));
  if (!row)
    return fail(row.error());
  return ids;
}

result<> catalog::relist(const std::optional<listed_file>& before,
                         const std::optional<listed_file>& now) {
  const auto had = keys_of(before);
  const auto has = keys_of(now);
  for (const auto& key : without(had, has))
    if (auto gone = writing_.erase(tables_.lists, key); !gone)
      return fail(gone.error());
  // A release without lists may have made the record of an upload that has arrived only now.
  const bool is_new = !before || before->state == status::receiving;
  for (const auto& key : is_new ? has : without(has, had))
    if (auto ok = writing_.put(tables_.lists, key, {}); !ok)
      return ok;
  if (auto ok = put_trashed(before, now); !ok)
    return ok;
  return count_tags(before ? &*before : nullptr, now ? &*now : nullptr);
}

result<> catalog::put_trashed(const std::optional<listed_file>& before,
                              const std::optional<listed_file>& now) {
  const auto had = before ? before->deleted_at : 0;
  const auto has = now ? now->deleted_at : 0;
  if (had != 0 && had != has)
    if (auto gone = writing_.erase(tables_.trashed, trashed_key(had, before->id)); !gone)
      return fail(gone.error());
  return has == 0 ? result<>{} : writing_.put(tables_.trashed, trashed_key(has, now->id), {});
}

result<> catalog::count_tags(const listed_file* before, const listed_file* now) {
  const auto had = folded_tags(before);
  const auto has = folded_tags(now);
  const bool is_same_user = before != nullptr && now != nullptr && before->user == now->user;
  const auto less = is_same_user ? without(had, has) : had;
  const auto more = is_same_user ? without(has, had) : has;
  for (const auto& folded : less)
    if (auto ok = count_tag(before->user, folded, false); !ok)
      return ok;
  for (const auto& folded : more)
    if (auto ok = count_tag(now->user, written(*now, folded), true); !ok)
      return ok;
  return {};
}

result<> catalog::count_tag(std::string_view user, const std::string& tag, bool is_more) {
  const auto key = user_key(user, folded_tag(tag));
  const auto value = reading_.get(tables_.tags, key);
  if (!value)
    return fail(value.error());
  auto row = *value ? parse_tag(**value) : tag_row{tag};
  if (!row)
    return fail(row.error());
  if (is_more)
    ++row->files;
  else if (row->files > 0)
    --row->files;
  if (row->files > 0)
    return writing_.put(tables_.tags, key, encode(*row));
  const auto gone = writing_.erase(tables_.tags, key);
  return gone ? result<>{} : fail(gone.error());
}

result<> catalog::begin_relisting() {
  const auto seq = last_seq();
  if (!seq)
    return fail(seq.error());
  relisting_row pass;
  pass.seq = *seq;
  result<> done;
  for (const auto table :
       {tables_.lists, tables_.tags, tables_.tiles, tables_.months, tables_.trashed})
    if (done)
      done = writing_.clear(table);
  return done ? writing_.put(tables_.meta, relisting_key, encode(pass)) : done;
}

result<> catalog::list_again(std::string_view id, const relisting_row& pass) {
  const auto record = find(id);
  if (!record)
    return fail(record.error());
  const auto place = user_key(record->user, record->id);
  const auto known = reading_.get(tables_.by_user, place);
  if (!known)
    return fail(known.error());
  auto entry = catalog_entry::of(*record);
  if (*known) {
    auto old = parse_entry(**known);
    if (!old)
      return fail(old.error());
    entry.unknown = std::move(old->unknown);
  }
  auto done = writing_.put(tables_.by_user, place, encode(entry));
  if (done)
    done = relist(std::nullopt, listed_file::of(*record));
  if (done)
    done = put_tile(std::nullopt, &*record);
  return done ? writing_.put(tables_.meta, relisting_key, encode(pass)) : done;
}

result<> catalog::end_relisting() {
  auto seq = find_counter(last_seq_key);
  if (!seq)
    return fail(seq.error());
  seq->listed = seq->number;
  if (auto ok = writing_.put(tables_.meta, last_seq_key, encode(*seq)); !ok)
    return ok;
  const auto gone = writing_.erase(tables_.meta, relisting_key);
  return gone ? result<>{} : fail(gone.error());
}

result<> catalog::distrust_lists() {
  auto seq = find_counter(last_seq_key);
  if (!seq)
    return fail(seq.error());
  // Greater than any number: events that follow leave it behind.
  seq->listed = UINT64_MAX;
  return writing_.put(tables_.meta, last_seq_key, encode(*seq));
}

} // namespace mediad::storage
