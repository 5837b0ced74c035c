#pragma once

#include "net/events/websocket_link.hpp"
#include "net/http/exchange.hpp"

#include <chrono>

/// A WebSocket whose first frame shows a token: pages of other sites can neither send
/// `Authorization` with an upgrade, nor should a secret that lasts stand in an address.
namespace mediad::net::events {

/// Time in which the first frame must have come; less if settings::header_timeout is.
inline constexpr std::chrono::milliseconds max_first_frame_time{10'000};

/// The request upgrades to WebSocket and shows nothing that could be a credential. A cookie that
/// counts no more is one: its page must hear of it.
bool may_show_token_later(const exchange& x);

/// Waits for the first frame, and makes the caller whom its token shows the exchange's asker. Until
/// then the client gets nothing.
/// @returns false if there is no such caller, or one who may not listen: then the connection has
///          been closed by 1008, with the code of the problem as reason.
asio::awaitable<bool> take_first_frame(exchange& x, shared_link l);

/// Closes by 1008 with the code of what a client got wrong, or by 1011 if that is not the reason.
asio::awaitable<void> refuse_listener(shared_link l, error why);

} // namespace mediad::net::events
