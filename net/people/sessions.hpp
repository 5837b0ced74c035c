#pragma once

#include "net/http/exchange.hpp"

/// Sessions: signing out, and the devices where a user is signed in. A session is a cookie that
/// scripts cannot read; the server keeps its digest.
namespace mediad::net::people {

/// `DELETE /v1/session`: 204; ends the session and has the browser forget what it knows.
asio::awaitable<void> sign_out(exchange& x);
/// `GET /v1/session`: who asks, with which rights, and how much room is left.
asio::awaitable<void> send_session(exchange& x);

/// `GET /v1/sessions`: the caller's own.
asio::awaitable<void> list_sessions(exchange& x);
/// `DELETE /v1/sessions`: 204; signs the caller out everywhere else, and ends what goes on there.
/// A session that begins meanwhile is left. Not for tokens: 403.
asio::awaitable<void> end_other_sessions(exchange& x);
/// `DELETE /v1/sessions/{id}`.
asio::awaitable<void> end_session(exchange& x);

} // namespace mediad::net::people
