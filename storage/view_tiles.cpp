#include "base/signing.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/view.hpp"

#include <algorithm>
#include <string>
#include <utility>

/// Grids of files.
namespace mediad::storage {
namespace {

constexpr std::size_t max_tiles = 100'000;
constexpr std::size_t position_bytes = 8 + 26; ///< A date and an id.

} // namespace

result<std::vector<month_count>> view::months(std::string_view user) const {
  if (!is_ulid(user))
    return std::vector<month_count>{};
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.months(user) : fail(txn.error());
}

result<tile_page> view::tiles(std::string_view user, const month_range& month,
                              std::string_view cursor, std::size_t limit) const {
  if (limit < 1 || limit > max_tiles)
    return fail(errc::bad_request, "limit " + std::to_string(limit) + " is not 1..100,000");
  const auto place = from_base64url(cursor);
  if (!place || (!cursor.empty() && place->size() != position_bytes))
    return fail(errc::bad_request, "not a cursor of ours");
  tile_page page;
  std::string last_position;
  if (!is_ulid(user))
    return page;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  auto walk = txn->walk(db_->table().tiles);
  if (!walk)
    return fail(walk.error());
  const auto first = tile_key(user, month.from, {});
  const auto end = tile_key(user, month.to, {});
  auto row = walk->before(place->empty() ? end : std::min(end, user_key(user, *place)));
  for (; row && *row && (*row)->key >= first; row = walk->previous()) {
    if (page.tiles.size() == limit) {
      page.cursor = to_base64url(last_position);
      return page;
    }
    auto one = parse_tile(id_of_position((*row)->key), (*row)->value);
    if (!one)
      return fail(one.error());
    page.tiles.push_back(std::move(*one));
    last_position = after_user((*row)->key);
  }
  if (!row)
    return fail(row.error());
  return page;
}

} // namespace mediad::storage
