#include "base/log.hpp"
#include "base/request_key.hpp"
#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>
#include <set>

namespace mediad::storage {
namespace {

constexpr std::size_t max_key_bytes = 255;
constexpr unix_ms keys_kept = 24LL * 60 * 60 * 1000;

/// What an upload will hold at least.
std::uint64_t min_bytes(std::uint64_t length) {
  return length == unknown_length ? 1 : length;
}

} // namespace

result<> changer::check_room() const {
  if (context_.room_for_more)
    return {};
  return fail(errc::storage_full, "less free than min_free_bytes, or the database map is full");
}

/// @param instead  what is counted already and goes away for it.
result<> changer::check_quota(std::string_view user, std::uint64_t more, usage instead) const {
  const auto owner = rows_.find_user(user);
  if (!owner)
    return fail(owner.error());
  const auto quota = owner->quota != 0 ? owner->quota : context_.limits.user_quota_bytes;
  if (quota == 0)
    return {};
  auto used = rows_.find_usage(user);
  if (!used)
    return fail(used.error());
  *used -= instead;
  const auto held = used->held_bytes();
  if (held <= quota && more <= quota - held)
    return {};
  return fail(errc::quota_exceeded, std::to_string(held) + " bytes and " + std::to_string(more)
                                      + " more are over the quota of " + std::string{user});
}

/// What counts already of an upload, and of the parts it is put together from.
result<usage> changer::held_for(std::string_view id, const std::vector<std::string>& parts) const {
  usage held;
  auto ids = parts;
  if (!id.empty()) {
    const auto own = rows_.find_upload(id);
    if (!own)
      return own.error().code == errc::not_found ? result<usage>{held} : fail(own.error());
    held = held_by(*own);
    ids = own->parts;
  }
  // A part that is named twice counts once.
  for (const auto& part : std::set<std::string>{ids.begin(), ids.end()}) {
    const auto state = rows_.find_upload(part);
    if (state)
      held += held_by(*state);
    else if (state.error().code != errc::not_found)
      return fail(state.error());
  }
  return held;
}

result<> changer::check_open_uploads(std::string_view user) const {
  const auto used = rows_.find_usage(user);
  if (!used)
    return fail(used.error());
  if (used->open_uploads < context_.limits.max_open_uploads)
    return {};
  return fail(errc::too_many, std::string{user} + " has too many open uploads");
}

/// Everything but the staging file and the rows.
result<file_record> changer::begin(const new_upload& wanted) {
  if (!wanted.id.empty() && !is_ulid(wanted.id))
    return fail(errc::bad_request, "not an id");
  if (wanted.key.key.size() > max_key_bytes)
    return fail(errc::bad_request, "a request key that is too long");
  auto owner = find_staying(wanted.user);
  if (!owner)
    return fail(owner.error());
  auto at = position_in(wanted.user, wanted.folder, {});
  if (!at)
    return fail(at.error());
  if (auto ok = check_guest(wanted); !ok)
    return fail(ok.error());
  if (auto room = check_room(); !room)
    return fail(room.error());
  const auto parts = wanted.resumable ? wanted.terms.parts : std::vector<std::string>{};
  const auto held = held_for({}, parts);
  if (!held)
    return fail(held.error());
  if (auto ok = check_quota(wanted.user, min_bytes(wanted.length), *held); !ok)
    return fail(ok.error());
  file_record r;
  r.id = wanted.id.empty() ? make_ulid(now_) : wanted.id;
  r.user = wanted.user;
  r.user_name = std::move(owner->name);
  r.folder = wanted.folder;
  r.sender = wanted.sender;
  r.folder_path = std::move(at->path);
  r.name = clean_name(wanted.name);
  r.modified_at = wanted.modified_at;
  r.request_key = wanted.key.key;
  r.is_part = wanted.resumable && wanted.terms.is_partial();
  r.created_at = r.updated_at = now_;
  if (auto ok = take_key(r, wanted.key); !ok)
    return fail(ok.error());
  return r;
}

result<> changer::take_key(const file_record& record, const request_key& key) {
  if (key.key.empty())
    return {};
  auto known = rows_.find_key(record.user, key.key);
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
  row.files.push_back(record.id);
  return rows_.put_key(record.user, key.key, row);
}

result<applied> changer::operator()(const new_upload& wanted) {
  auto r = begin(wanted);
  if (!r)
    return fail(r.error());
  if (wanted.resumable)
    if (auto ok = check_open_uploads(r->user); !ok)
      return fail(ok.error());
  if (auto ok = steps_.create(staging_place(r->id)); !ok)
    return fail(ok.error());
  if (wanted.early_preview)
    if (auto ok = steps_.make_empty(work_place(r->id, 0)); !ok)
      return fail(ok.error());
  if (auto ok = rows_.put(*r); !ok)
    return fail(ok.error());
  if (wanted.resumable) {
    auto state = wanted.terms;
    state.unknown.clear();
    state.id = r->id;
    state.user = r->user;
    state.length = wanted.length;
    state.offset = 0;
    state.hash.clear();
    state.complete = false;
    if (auto ok = rows_.put_upload(state); !ok)
      return fail(ok.error());
    if (auto ok = keep_parts(state); !ok)
      return fail(ok.error());
  }
  return applied{std::move(*r), std::nullopt, {}};
}

/// What an upload is put together from is there as long as it is itself.
/// @returns errc::not_found if a part is gone.
result<> changer::keep_parts(const upload_state& whole) {
  for (const auto& id : whole.parts) {
    auto part = rows_.find_upload(id);
    if (!part)
      return fail(part.error());
    part->expires_at = std::max(part->expires_at, whole.expires_at);
    if (auto ok = rows_.put_upload(*part); !ok)
      return ok;
  }
  return {};
}

result<file_record> changer::begun_or_fresh(const arrival& c) {
  auto found = find(c.id);
  if (found || found.error().code != errc::not_found || c.fresh.user.empty())
    return found;
  auto wanted = c.fresh;
  wanted.id = c.id;
  return begin(wanted);
}

result<applied> changer::operator()(const appended& wanted) {
  auto state = rows_.find_upload(wanted.id);
  if (!state)
    return fail(state.error());
  const bool other_length =
    wanted.length != unknown_length && state->has_length() && wanted.length != state->length;
  const auto length = wanted.length != unknown_length ? wanted.length : state->length;
  if (state->complete || wanted.offset < state->offset || other_length || wanted.offset > length)
    return fail(errc::conflict, "an upload that does not go on like this");
  const bool is_whole = wanted.offset == length;
  const bool is_partial_end = is_whole && state->is_partial();
  // A client that sees offset and length agree takes it that all is done, unless it says so itself.
  if (wanted.complete ? !is_partial_end : is_whole && !wanted.stays_open)
    return fail(errc::conflict, "an upload whose end is not its arrival");
  const auto before = held_by(*state);
  state->length = length;
  state->offset = wanted.offset;
  state->hash = wanted.hash;
  state->complete = wanted.complete;
  state->expires_at = wanted.expires_at;
  if (auto ok = keep_parts(*state); !ok)
    return fail(ok.error());
  if (const auto now = held_by(*state); now.open_bytes > before.open_bytes)
    if (auto ok = check_quota(state->user, now.open_bytes, before); !ok)
      return fail(ok.error());
  if (auto ok = rows_.put_upload(*state); !ok)
    return fail(ok.error());
  auto r = find(wanted.id);
  if (!r)
    return fail(r.error());
  return applied{std::move(*r), std::nullopt, {}};
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

result<applied> changer::operator()(const key_end& wanted) {
  if (!is_one_use(wanted.key) || wanted.key.size() > max_key_bytes)
    return fail(errc::bad_request, "not a request key for one use");
  if (const auto owner = find_staying(wanted.user); !owner)
    return fail(owner.error());
  auto known = rows_.find_key(wanted.user, wanted.key);
  if (!known)
    return fail(known.error());
  key_row row;
  row.created_at = now_;
  if (*known)
    row = std::move(**known);
  row.files.clear();
  if (auto ok = rows_.put_key(wanted.user, wanted.key, row); !ok)
    return fail(ok.error());
  return applied{};
}

result<applied> changer::operator()(const sweep& wanted) {
  const auto ids = rows_.expired(now_, wanted.at_most);
  if (!ids)
    return fail(ids.error());
  for (const auto& id : *ids)
    if (auto gone = give_up(id); !gone)
      return fail(gone.error());
  if (auto ok = rows_.erase_old_keys(now_ - keys_kept, wanted.at_most); !ok)
    return fail(ok.error());
  return applied{};
}

// Rows that contradict each other must not keep all others from being swept, nor cost a file.
result<> changer::give_up(const std::string& id) {
  const auto r = find(id);
  if (!r && r.error().code != errc::not_found)
    return fail(r.error());
  if (!r || r->state != status::receiving) {
    log::error(id, "expired without being an unfinished upload");
    return r ? complete_upload(*r) : rows_.erase_upload(id);
  }
  if (auto gone = (*this)(removal{id}); !gone)
    return fail(gone.error());
  log::info(id, "an unfinished upload expired");
  return {};
}

} // namespace mediad::storage
