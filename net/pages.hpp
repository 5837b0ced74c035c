#pragma once

#include "net/http/exchange.hpp"
#include "web/assets.hpp"

/// Everything that is no file: the page, the probes, notices, the server itself for admins.
namespace mediad::net {

asio::awaitable<void> send_asset(exchange& x, const web::asset& page);

/// `GET /livez`: this process answers.
asio::awaitable<void> send_alive(exchange& x);
/// `GET /readyz`: uploads would be taken now; 503 if not. With `?verbose` also how far the
/// inspection of what is stored is, and what it has found.
asio::awaitable<void> send_ready(exchange& x);
/// `GET /metrics`
asio::awaitable<void> send_metrics(exchange& x);
/// `POST /v1/notices`: `{"user":"…" or null,"text":"…"}` becomes an event for that user, or all.
asio::awaitable<void> take_notice(exchange& x);

/// `GET /v1/admin/status`: what it has and does, as `mediad status --json` tells it.
asio::awaitable<void> send_status(exchange& x);
/// `POST /v1/admin/reload`: what SIGHUP does. 200 with the `certificate` that is in use now; 409 if
/// the new one cannot be used: the one before stays.
asio::awaitable<void> reload_server(exchange& x);

} // namespace mediad::net
