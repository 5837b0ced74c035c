#pragma once

#include "net/http/exchange.hpp"
#include "web/assets.hpp"

/// Everything that is no file: the page, the probes, notices.
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

} // namespace mediad::net
