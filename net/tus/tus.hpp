#pragma once

#include "net/http/exchange.hpp"

/// The door for tus 1.0 (https://tus.io/protocols/resumable-upload) with all its extensions.
namespace mediad::net {

/// The request has `Tus-Resumable`.
bool speaks_tus(const exchange& x);

/// Says in the answer to OPTIONS what there is of tus.
void describe_tus(const exchange& x, answer& a);

/// POST: a new upload, with its first bytes or without; or one put together from others.
asio::awaitable<void> create_tus(exchange& x);
/// HEAD. A running append saves what has come and ends first, so that the client is told all.
asio::awaitable<void> tell_tus_offset(exchange& x);
/// PATCH: more bytes.
asio::awaitable<void> append_tus(exchange& x);
/// DELETE. Ends a running append first.
asio::awaitable<void> terminate_tus(exchange& x);

} // namespace mediad::net
