#include "storage/view.hpp"

#include "base/signing.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"

#include <cstdint>
#include <limits>
#include <utility>

namespace mediad::storage {
namespace {

constexpr std::size_t max_page = 500;

} // namespace

view::view(std::shared_ptr<const database> db, std::shared_ptr<const storage::folders> root)
  : db_{std::move(db)}, root_{std::move(root)} {}

result<file_record> view::find(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id");
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  return catalog_reader{*txn, db_->table()}.find(id);
}

result<std::vector<event>> view::events_after(std::uint64_t after, std::size_t limit) const {
  std::vector<event> found;
  if (after == UINT64_MAX)
    return found;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_->table()};
  auto walk = txn->walk(db_->table().events);
  if (!walk)
    return fail(walk.error());
  auto row = walk->at_or_after(number_key(after + 1));
  for (; row && *row && found.size() < limit; row = walk->next()) {
    auto e = parse_event((*row)->key, (*row)->value);
    if (!e)
      return fail(e.error());
    // Clients see the name, and no path: its folder may be gone by now.
    if (!e->file.id.empty()) {
      auto owner = rows.find_user(e->file.user);
      // One who has left since: nobody will be told.
      if (!owner && owner.error().code == errc::not_found)
        continue;
      if (!owner)
        return fail(owner.error());
      e->file.user_name = std::move(owner->name);
    }
    if (auto ok = rows.add_audience(*e); !ok)
      return fail(ok.error());
    found.push_back(std::move(*e));
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<event_range> view::events() const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const auto newest = catalog_reader{*txn, db_->table()}.last_seq();
  if (!newest)
    return fail(newest.error());
  auto walk = txn->walk(db_->table().events);
  if (!walk)
    return fail(walk.error());
  const auto first = walk->first();
  if (!first)
    return fail(first.error());
  event_range range{0, *newest};
  if (*first) {
    const auto oldest = parse_number_key((*first)->key);
    if (!oldest)
      return fail(oldest.error());
    range.oldest = *oldest;
  }
  return range;
}

result<std::vector<std::string>> view::unfinished() const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  std::vector<std::string> ids;
  auto done = lmdb::for_each(*txn, db_->table().unfinished, [&](auto key, auto) -> result<> {
    ids.emplace_back(key);
    return {};
  });
  if (!done)
    return fail(done.error());
  return ids;
}

result<upload_state> view::find_upload(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id");
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  return catalog_reader{*txn, db_->table()}.find_upload(id);
}

result<std::vector<std::string>> view::unjoined() const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const catalog_reader rows{*txn, db_->table()};
  std::vector<std::string> ids;
  // Only what is not whole expires, and parts.
  auto all = rows.expired(std::numeric_limits<unix_ms>::max(), SIZE_MAX);
  if (!all)
    return all;
  for (auto& id : *all) {
    const auto state = rows.find_upload(id);
    if (!state)
      return fail(state.error());
    if (state->is_final() && !state->complete)
      ids.push_back(std::move(id));
  }
  return ids;
}

result<std::string> view::find_user(std::string_view name) const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  auto id = catalog_reader{*txn, db_->table()}.user_named(name);
  if (id && id->empty())
    return fail(errc::not_found, "no user " + std::string{name});
  return id;
}

result<user_row> view::find_user_by_id(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id of a user");
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.find_user(id) : fail(txn.error());
}

result<std::vector<user_row>> view::users() const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.users() : fail(txn.error());
}

result<bool> view::wants_sign_in() const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.wants_sign_in() : fail(txn.error());
}

result<credential_row> view::find_credential(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id of a credential");
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.find_credential(id) : fail(txn.error());
}

result<std::vector<credential_row>> view::credentials(std::string_view user) const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.credentials(user) : fail(txn.error());
}

result<std::vector<credential_row>> view::all_credentials() const {
  return credentials({});
}

result<std::vector<audit_row>> view::audit(std::string_view before, std::size_t at_most) const {
  if (at_most < 1 || at_most > max_page)
    return fail(errc::bad_request, "limit " + std::to_string(at_most) + " is not 1..500");
  if (!before.empty() && !is_ulid(before))
    return fail(errc::bad_request, "not a cursor of ours");
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.audit(before, at_most) : fail(txn.error());
}

result<share_row> view::find_share(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id of a share");
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.find_share(id) : fail(txn.error());
}

result<std::vector<share_row>> view::shares(std::string_view user) const {
  auto txn = db_->read();
  return txn ? catalog_reader{*txn, db_->table()}.shares(user) : fail(txn.error());
}

result<tag_page> view::tags(std::string_view user, std::string_view cursor,
                            std::size_t limit) const {
  if (limit < 1 || limit > max_page)
    return fail(errc::bad_request, "limit " + std::to_string(limit) + " is not 1..500");
  const auto after = from_base64url(cursor);
  if (!after || after->size() > lmdb::max_key_bytes / 2 || (after->empty() && !cursor.empty()))
    return fail(errc::bad_request, "not a cursor of ours");
  tag_page page;
  if (!is_ulid(user))
    return page;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  auto found = catalog_reader{*txn, db_->table()}.tags(user, *after, limit + 1);
  if (!found)
    return fail(found.error());
  page.tags = std::move(*found);
  if (page.tags.size() <= limit)
    return page;
  page.tags.pop_back();
  page.cursor = to_base64url(folded_tag(page.tags.back().name));
  return page;
}

result<std::optional<key_row>> view::find_key(std::string_view user, std::string_view key) const {
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  return catalog_reader{*txn, db_->table()}.find_key(user, key);
}

result<usage> view::find_usage(std::string_view user) const {
  if (!is_ulid(user))
    return usage{};
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  return catalog_reader{*txn, db_->table()}.find_usage(user);
}

} // namespace mediad::storage
