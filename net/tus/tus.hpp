#pragma once

#include "net/http/exchange.hpp"

/// The door for tus 1.0 (https://tus.io/protocols/resumable-upload) with all its extensions.
namespace mediad::net::tus {

/// The request has `Tus-Resumable`.
bool is_spoken(const exchange& x);

/// Says in the answer to OPTIONS what there is of tus.
void describe(const exchange& x, answer& a);

/// POST: a new upload, with its first bytes or without; or one put together from others.
asio::awaitable<void> create(exchange& x);
/// HEAD. A running append saves what has come and ends first, so that the client is told all.
asio::awaitable<void> send_offset(exchange& x);
/// PATCH: more bytes.
asio::awaitable<void> append(exchange& x);
/// DELETE. Ends a running append first.
asio::awaitable<void> terminate(exchange& x);

} // namespace mediad::net::tus
