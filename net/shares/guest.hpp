#pragma once

#include "net/access/caller.hpp"
#include "net/http/exchange.hpp"

#include <optional>

/// Guests, who come by the link of a share: what they see of it. None of this looks at whether the
/// guest is also a user of this server.
namespace mediad::net::shares {

/// Finds the guest by the key in the path, which is taken out of the arguments.
/// @param needs  the share must give one of these rights.
/// @returns the answer to a key that opens nothing (404), or not this, or not yet (403).
std::optional<answer> refuse_guest(exchange& x, rights needs);

/// Has the exchange know the guest who may send files by this key, if one may.
void know_sender(exchange& x, std::string_view key);

/// `GET /s/{key}`: the page, the same for every key.
asio::awaitable<void> send_page(exchange& x);
/// `GET /s/{key}/share`: what there is; counts as a use.
asio::awaitable<void> send_share(exchange& x);
/// `POST /s/{key}/password` `{"password"}`: 204 with a cookie for this share alone. 403 for a wrong
/// one; 429 for who guesses.
asio::awaitable<void> take_password(exchange& x);

/// `GET /s/{key}/files`: those that are left.
asio::awaitable<void> send_files(exchange& x);
/// `GET /s/{key}/files/{id}`.
asio::awaitable<void> send_file(exchange& x);
/// `GET /s/{key}/files/{id}/content`: the original if the sharer gives originals, else the largest
/// rendition of its kind, which has neither place nor camera. 403 if guests may only look.
asio::awaitable<void> send_content(exchange& x);
/// `GET /s/{key}/files/{id}/archive`: it has the original in it, and so is there only with that.
asio::awaitable<void> send_archive(exchange& x);

/// `POST /s/{key}/files`: as at `/v1/files`, but for what would tell a guest of other files, and of
/// no more than the share takes.
asio::awaitable<void> take_files(exchange& x);

} // namespace mediad::net::shares
