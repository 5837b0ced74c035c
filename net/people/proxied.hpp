#pragma once

#include "net/http/exchange.hpp"

#include <string>

namespace mediad::net::people {

/// The caller of a request to which a proxy that is believed has added a name. A token or a ticket
/// counts before that, and so does the session of the very user of that name, which a browser shows
/// beside it. If options().proxy_adds_users says so, an unknown name becomes a user, a member.
/// @param shown  who asks by all else that the request shows.
/// @returns errc::unauthenticated for a session of another name, which the browser is then told to
///          forget; for a name that is unknown, or whose user is disabled. Errors of the storage.
asio::awaitable<result<caller>> find_proxied_caller(exchange& x, std::string name,
                                                    result<caller> shown);

} // namespace mediad::net::people
