#include "net/access/guests.hpp"

#include "base/clock.hpp"
#include "base/password.hpp"
#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "net/access/credentials.hpp"
#include "net/access/folder_access.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace mediad::net {

namespace {

constexpr std::size_t id_size = 26;
constexpr std::array<std::string_view, 2> cookie_names{"__Secure-mediad-share", "mediad-share"};

error ended(const char* why) {
  return fail(errc::not_found, why);
}

/// Whether the sharer may still share.
result<> check_sharer(const storage::view& stored, const share_row& share) {
  const auto user = stored.find_user_by_id(share.user);
  if (!user)
    return fail(user.error());
  if (user->disabled_at != 0)
    return ended("the sharer is disabled");
  if (share.credential.empty())
    return {};
  const auto token = stored.find_credential(share.credential);
  if (!token)
    return fail(token.error());
  if (!caller_of(stored, *token))
    return ended("the token that made the share counts no more");
  return {};
}

/// Whether the folder, or any of the files, is there.
result<> check_files(const storage::view& stored, const share_row& share) {
  if (auto there = check_folder_is_there(stored, share.user, share.folder); !there)
    return there;
  if (share.allow == share_allow::upload || !share.folder.empty())
    return {};
  for (const auto& id : share.files) {
    const auto file = stored.find(id);
    if (file && file->user == share.user)
      return {};
    if (!file && file.error().code != errc::not_found)
      return fail(file.error());
  }
  return ended("all files of the share are gone");
}

/// Whether guests may come.
result<> check_in_force(const storage::view& stored, const share_row& share) {
  if (share.has_expired(now_ms()))
    return ended("the share has expired");
  if (auto ok = check_sharer(stored, share); !ok)
    return ok;
  return check_files(stored, share);
}

/// What only this server can say: the stored password, salt included, is known to nobody else. With
/// another password it is another.
std::string proof_of(const share_row& share, std::string_view until) {
  const auto inner = digest_of_secret(share.password + '\n' + share.id + '\n' + std::string{until});
  return to_hex(digest_of_secret(inner));
}

/// `<end>.<proof>`, where the end is a time in milliseconds since 1970.
bool is_proof(const share_row& share, std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos)
    return false;
  const auto until = text.substr(0, dot);
  unix_ms end = 0;
  const auto [stop, problem] = std::from_chars(until.data(), until.data() + until.size(), end);
  if (problem != std::errc{} || stop != until.data() + until.size() || end <= now_ms())
    return false;
  return are_equal_secrets(text.substr(dot + 1), proof_of(share, until));
}

} // namespace

fresh_share make_share(std::string user) {
  fresh_share made;
  const auto secret = make_secret();
  made.row.id = make_ulid();
  made.row.user = std::move(user);
  made.row.digest = digest_of_secret(secret);
  made.row.created_at = now_ms();
  made.key = made.row.id + secret;
  return made;
}

result<share_row> find_share_in_force(const storage::view& stored, std::string_view id) {
  auto share = stored.find_share(id);
  if (!share)
    return share;
  if (auto ok = check_in_force(stored, *share); !ok)
    return fail(ok.error());
  return share;
}

result<share_row> find_open_share(const storage::view& stored, std::string_view key) {
  if (key.size() <= id_size)
    return ended("no key of a share");
  auto share = stored.find_share(key.substr(0, id_size));
  if (!share)
    return share;
  if (!are_equal_secrets(share->digest, digest_of_secret(key.substr(id_size))))
    return ended("the key of a share with another secret");
  if (auto ok = check_in_force(stored, *share); !ok)
    return fail(ok.error());
  return share;
}

caller guest_of(const share_row& share) {
  const bool sends = share.allow == share_allow::upload;
  caller guest{share.user, rights{sends ? right::upload : right::read}, known_by::share, share.id};
  guest.sees_own_uploads_only = sends;
  if (share.max_bytes != 0)
    guest.limits.max_bytes = share.max_bytes - std::min(share.max_bytes, share.sent_bytes);
  guest.folder = share.folder;
  return guest;
}

bool is_unlocked(const share_row& share, const http::request_header<>& head) {
  if (share.password.empty())
    return true;
  const auto cookies = fields::joined_field(head, "Cookie").value_or("");
  return std::any_of(cookie_names.begin(), cookie_names.end(), [&](std::string_view name) {
    const auto proof = find_cookie(cookies, name);
    return proof && is_proof(share, *proof);
  });
}

std::string unlocking_cookie(const share_row& share, std::string_view path, bool is_secure) {
  const auto lasts = std::chrono::milliseconds{share_password_lasts}.count();
  const auto until = std::to_string(now_ms() + lasts);
  auto line = std::string{cookie_names.at(is_secure ? 0 : 1)} + '=' + until + '.'
              + proof_of(share, until) + "; Path=" + std::string{path}
              + "; HttpOnly; SameSite=Strict; Max-Age="
              + std::to_string(std::chrono::seconds{share_password_lasts}.count());
  if (is_secure)
    line += "; Secure";
  return line;
}

} // namespace mediad::net
