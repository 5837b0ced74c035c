#pragma once

#include "net/http/exchange.hpp"

/// Users, for admins.
namespace mediad::net::people {

/// `GET /v1/users`.
asio::awaitable<void> list_users(exchange& x);
/// `POST /v1/users` `{"name","password","role","display_name","quota"}`: 201 with the user.
asio::awaitable<void> make_user(exchange& x);
/// `GET /v1/users/{id}`.
asio::awaitable<void> send_user(exchange& x);
/// `PATCH /v1/users/{id}`, with any of `name`, `password`, `role`, `display_name`, `quota` and
/// `disabled`.
asio::awaitable<void> change_user(exchange& x);
/// `DELETE /v1/users/{id}?files=delete`, or `?files=hand-over&to=<id>`: 204 once all is gone, or is
/// the other user's. A removal that has begun is finished also if the client does not wait, at the
/// latest by the next start.
asio::awaitable<void> remove_user(exchange& x);

} // namespace mediad::net::people
