#include "base/ulid.hpp"
#include "storage/changer.hpp"
#include "storage/layout.hpp"
#include "storage/names.hpp"

namespace mediad::storage {
namespace {

constexpr std::size_t max_key_bytes = 255;

} // namespace

result<> changer::check_room() const {
  if (around_.room_for_more)
    return {};
  return fail(errc::storage_full, "less free than min_free_bytes, or the database map is full");
}

/// Everything but the staging file and the rows.
result<file_record> changer::begin(const new_upload& c) {
  if (!is_user_name(c.user))
    return fail(errc::bad_request, "a user's name that cannot be a folder's");
  if (!c.id.empty() && !is_ulid(c.id))
    return fail(errc::bad_request, "not an id");
  if (c.key.key.size() > max_key_bytes)
    return fail(errc::bad_request, "a request key that is too long");
  if (auto room = check_room(); !room)
    return fail(room.error());
  file_record r;
  r.id = c.id.empty() ? make_ulid(now_) : c.id;
  r.user = c.user;
  r.name = clean_name(c.name);
  r.request_key = c.key.key;
  r.is_part = c.resumable && c.terms.is_partial();
  r.created_at = r.updated_at = now_;
  if (auto ok = take_key(r, c.key); !ok)
    return fail(ok.error());
  return r;
}

result<> changer::take_key(const file_record& r, const request_key& key) {
  if (key.key.empty())
    return {};
  auto known = rows_.find_key(r.user, key.key);
  if (!known)
    return fail(known.error());
  key_row row;
  row.fingerprint = key.fingerprint;
  row.request = key.request;
  row.created_at = now_;
  if (*known) {
    row = std::move(**known);
    if (row.request != key.request)
      return fail(errc::conflict, "the request's key is taken");
  }
  row.files.push_back(r.id);
  return rows_.put_key(r.user, key.key, row);
}

result<applied> changer::operator()(const new_upload& c) {
  auto r = begin(c);
  if (!r)
    return fail(r.error());
  // What was promised to be resumable must be there after a power cut.
  const auto kept = c.resumable ? file_steps::survival::yes : file_steps::survival::no;
  if (auto ok = steps_.create(staging_place(r->id), kept); !ok)
    return fail(ok.error());
  if (auto ok = rows_.put(*r); !ok)
    return fail(ok.error());
  if (c.resumable) {
    auto state = c.terms;
    state.id = r->id;
    state.user = r->user;
    state.length = c.length;
    if (auto ok = rows_.put_upload(state); !ok)
      return fail(ok.error());
  }
  return applied{std::move(*r), std::nullopt};
}

result<file_record> changer::begun_or_fresh(const arrival& c) {
  auto found = find(c.id);
  if (found || found.error().code != errc::not_found || c.fresh.user.empty())
    return found;
  auto wanted = c.fresh;
  wanted.id = c.id;
  return begin(wanted);
}

result<applied> changer::operator()(const appended& c) {
  auto state = rows_.find_upload(c.id);
  if (!state)
    return fail(state.error());
  const bool other_length =
    c.length != unknown_length && state->has_length() && c.length != state->length;
  const auto length = c.length != unknown_length ? c.length : state->length;
  if (state->complete || c.offset < state->offset || other_length || c.offset > length)
    return fail(errc::conflict, "an upload that does not go on like this");
  state->length = length;
  state->offset = c.offset;
  state->hash = c.hash;
  state->complete = c.complete;
  state->expires_at = c.expires_at;
  if (auto ok = rows_.put_upload(*state); !ok)
    return fail(ok.error());
  auto r = find(c.id);
  if (!r)
    return fail(r.error());
  return applied{std::move(*r), std::nullopt};
}

/// Its file is registered: what a client may still ask about it.
result<> changer::complete_upload(const file_record& r) {
  auto state = rows_.find_upload(r.id);
  if (!state)
    return state.error().code == errc::not_found ? result<>{} : fail(state.error());
  state->length = state->offset = r.bytes;
  state->complete = true;
  state->hash.clear();
  state->expires_at = 0;
  return rows_.put_upload(*state);
}

result<applied> changer::operator()(const sweep& c) {
  const auto ids = rows_.expired(now_, c.at_most);
  if (!ids)
    return fail(ids.error());
  for (const auto& id : *ids) {
    auto gone = (*this)(removal{id});
    if (!gone)
      return gone;
  }
  return applied{};
}

} // namespace mediad::storage
