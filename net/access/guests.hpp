#pragma once

#include "base/share.hpp"
#include "net/access/caller.hpp"
#include "net/fields/request.hpp"
#include "storage/view.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Guests: people without an account who have the link of a share, `/s/{key}`. The key is the id of
/// the share and its secret, and stands for the guest: neither cookies of sessions nor
/// `Authorization` count there.
namespace mediad::net {

/// A guest who gave the share's password need not do so again for so long.
inline constexpr std::chrono::hours share_password_lasts{12};

/// A share that is about to be made: what is stored of it, and the key that its sharer alone gets.
struct fresh_share {
  share_row row;
  std::string key;
};

/// Makes the id and the secret. The row says nothing yet of what is shared.
fresh_share make_share(std::string user);

/// The share of that key.
/// @returns errc::not_found, in all cases alike, if there is no such share, if it has expired, if
///          its sharer is disabled or gone, if the token that made it counts no more, or if its
///          folder, or all of its files, are gone; the errors of the view.
result<share_row> find_open_share(const storage::view& stored, std::string_view key);
/// The share of that id; likewise.
result<share_row> find_share_in_force(const storage::view& stored, std::string_view id);

/// The guest of a share. What guests send is the sharer's.
caller guest_of(const share_row& share);

/// What guests may ask only after they gave the password, if the share has one.
bool is_unlocked(const share_row& share, const http::request_header<>& head);

/// A `Set-Cookie` line by which is_unlocked() knows a guest again.
/// @param path  of the share, for which alone the cookie is.
std::string unlocking_cookie(const share_row& share, std::string_view path, bool is_secure);

} // namespace mediad::net
