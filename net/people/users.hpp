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

} // namespace mediad::net::people
