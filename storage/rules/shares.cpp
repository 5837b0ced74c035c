#include "storage/rules/changer.hpp"

#include <utility>

/// What users share with people without an account, and what these send them.
namespace mediad::storage {

/// @returns errc::not_found, too, if it is another user's.
result<share_row> changer::own_share(const std::string& user, const std::string& id) const {
  auto known = rows_.find_share(id);
  if (known && known->user != user)
    return fail(errc::not_found, "the share " + id + " is another user's");
  return known;
}

/// Whether its files, or its folder, are there, and the sharer's.
result<> changer::check_shared(const share_row& s) const {
  const bool shows_files = s.allow != share_allow::upload && s.folder.empty();
  if (shows_files == s.files.empty() || s.files.size() > max_shared_files)
    return fail(errc::bad_request, "a share with the wrong number of files");
  if (const auto at = position_in(s.user, s.folder, {}); !at)
    return fail(at.error());
  for (const auto& id : s.files) {
    const auto r = find(id);
    if (!r)
      return fail(r.error());
    if (r->user != s.user || r->is_part || r->deleted_at != 0)
      return fail(errc::not_found, "no file " + id + " to share");
  }
  return {};
}

result<applied> changer::announce(const share_row& share, std::string_view type) {
  auto announced = next_event(type, share.user);
  if (!announced)
    return fail(announced.error());
  announced->share = without_secrets(share);
  if (auto ok = rows_.put_event(*announced, {}); !ok)
    return fail(ok.error());
  return applied{{}, std::move(*announced), share.id};
}

result<applied> changer::operator()(const new_share& c) {
  if (const auto owner = rows_.find_user(c.row.user); !owner)
    return fail(owner.error());
  if (auto ok = check_shared(c.row); !ok)
    return fail(ok.error());
  const auto all = rows_.shares(c.row.user);
  if (!all)
    return fail(all.error());
  if (all->size() >= max_shares)
    return fail(errc::too_many, "the user has " + std::to_string(max_shares) + " shares");
  if (auto ok = rows_.put_share(c.row); !ok)
    return fail(ok.error());
  return announce(c.row, "share.created");
}

result<applied> changer::operator()(const share_change& c) {
  auto s = own_share(c.user, c.id);
  if (!s)
    return fail(s.error());
  const auto is_upload = [](share_allow a) {
    return a == share_allow::upload;
  };
  const auto allow = c.allow.value_or(s->allow);
  if (is_upload(allow) != is_upload(s->allow))
    return fail(errc::conflict, "what shows files cannot take some, nor the other way round");
  s->allow = allow;
  s->name = c.name.value_or(s->name);
  s->expires_at = c.expires_at.value_or(s->expires_at);
  s->password = c.password.value_or(s->password);
  s->originals = c.originals.value_or(s->originals);
  s->max_files = c.max_files.value_or(s->max_files);
  s->max_bytes = c.max_bytes.value_or(s->max_bytes);
  s->profiles = c.profiles.value_or(s->profiles);
  if (auto ok = rows_.put_share(*s); !ok)
    return fail(ok.error());
  return announce(*s, "share.updated");
}

result<applied> changer::operator()(const share_removal& c) {
  const auto known = own_share(c.user, c.id);
  if (!known)
    return fail(known.error());
  if (auto ok = rows_.erase_share(c.id); !ok)
    return fail(ok.error());
  return announce(*known, "share.removed");
}

result<applied> changer::operator()(const share_use& c) {
  auto s = rows_.find_share(c.id);
  if (!s && s.error().code == errc::not_found)
    return applied{};
  if (!s)
    return fail(s.error());
  s->uses += c.times;
  s->used_at = now_;
  if (auto ok = rows_.put_share(*s); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, c.id};
}

namespace {

/// @returns errc::quota_exceeded if one more file of @p bytes would be over the share's limits.
result<> check_sent(const share_row& s, std::uint64_t bytes) {
  if (s.max_files != 0 && s.sent_files >= s.max_files)
    return fail(errc::quota_exceeded, "the share " + s.id + " takes no more files");
  if (s.max_bytes != 0 && (s.sent_bytes > s.max_bytes || bytes > s.max_bytes - s.sent_bytes))
    return fail(errc::quota_exceeded, "the share " + s.id + " takes no more bytes");
  return {};
}

} // namespace

/// Whether the guest of a share may begin an upload. What is on its way at the same time counts
/// once it has arrived.
result<> changer::check_guest(const new_upload& c) const {
  if (!c.by_guest)
    return {};
  const auto s = own_share(c.user, c.sender);
  if (!s)
    return fail(s.error());
  if (s->allow != share_allow::upload || s->has_expired(now_) || s->folder != c.folder)
    return fail(errc::not_found, "the share " + s->id + " takes nothing any more");
  return check_sent(*s, c.length == unknown_length ? 1 : c.length);
}

/// Counts a file that has arrived for the share by which it was sent, if it was sent by one.
/// @returns errc::other_profile if the share does not take files of its profile.
result<> changer::count_sent(const file_record& r) {
  if (r.sender.empty())
    return {};
  auto s = rows_.find_share(r.sender);
  if (!s)
    return s.error().code == errc::not_found ? result<>{} : fail(s.error());
  if (!is_among(r.profile, s->profiles))
    return fail(other_than_wanted(r));
  if (auto ok = check_sent(*s, r.bytes); !ok)
    return ok;
  ++s->sent_files;
  s->sent_bytes += r.bytes;
  return rows_.put_share(*s);
}

} // namespace mediad::storage
