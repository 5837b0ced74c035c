#include "storage/catalog/catalog.hpp"
#include "storage/catalog/tiles.hpp"

/// The rows that grids are made of. They follow from the records.
namespace mediad::storage {

result<std::vector<month_count>> catalog_reader::months(std::string_view user) const {
  std::vector<month_count> found;
  auto walk = reading_.walk(tables_.months);
  if (!walk)
    return fail(walk.error());
  auto row = walk->at_or_after(user);
  for (; row && *row && user_of((*row)->key) == user; row = walk->next()) {
    const auto count = parse_counter((*row)->value);
    if (!count)
      return fail(count.error());
    found.push_back({std::string{after_user((*row)->key)}, count->number});
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<> catalog::put_tile(const std::optional<listed_file>& before, const file_record* record) {
  const auto now = record != nullptr ? std::optional{listed_file::of(*record)} : std::nullopt;
  const auto key_of = [](const std::optional<listed_file>& file) {
    return file && has_tile(*file) ? tile_key(file->user, file->date(), file->id) : std::string{};
  };
  const auto had = key_of(before);
  const auto has = key_of(now);
  if (had != has && !had.empty()) {
    if (auto gone = writing_.erase(tables_.tiles, had); !gone)
      return fail(gone.error());
    if (auto ok = count_month(before->user, before->date(), false); !ok)
      return ok;
  }
  if (has.empty())
    return {};
  if (had != has)
    if (auto ok = count_month(now->user, now->date(), true); !ok)
      return ok;
  const auto known = reading_.get(tables_.tiles, has);
  if (!known)
    return fail(known.error());
  auto shown = tile::of(*record);
  if (*known) {
    auto old = parse_tile(record->id, **known);
    if (!old)
      return fail(old.error());
    shown.unknown = std::move(old->unknown);
  }
  const auto value = encode(shown);
  return *known && **known == value ? result<>{} : writing_.put(tables_.tiles, has, value);
}

result<> catalog::count_month(std::string_view user, unix_ms date, bool is_more) {
  const auto key = user_key(user, month_of(date));
  const auto value = reading_.get(tables_.months, key);
  if (!value)
    return fail(value.error());
  auto row = *value ? parse_counter(**value) : counter_row{};
  if (!row)
    return fail(row.error());
  if (is_more)
    ++row->number;
  else if (row->number > 0)
    --row->number;
  if (row->number > 0)
    return writing_.put(tables_.months, key, encode(*row));
  const auto gone = writing_.erase(tables_.months, key);
  return gone ? result<>{} : fail(gone.error());
}

} // namespace mediad::storage
