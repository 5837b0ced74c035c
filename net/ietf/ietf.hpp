#pragma once

#include "net/http/exchange.hpp"

/// The door for "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload, interop versions
/// 3 to 10, and the RFC to come).
namespace mediad::net {

/// A POST that creates an upload to be resumed. A form that is whole is not one: it is taken as if
/// it had not asked.
bool creates_ietf(const exchange& x);
/// A PATCH or HEAD that can only be meant for this door.
bool speaks_ietf(const exchange& x);

/// POST: a new upload, with its first bytes, with all of them, or with none.
asio::awaitable<void> create_ietf(exchange& x);
/// HEAD. A running append saves what has come and ends first, so that the client is told all. One
/// of a registered file that names no draft is told about the file as well.
asio::awaitable<void> tell_ietf_offset(exchange& x);
/// PATCH: more bytes.
asio::awaitable<void> append_ietf(exchange& x);

/// Says in the answer to OPTIONS what there is of it.
void describe_ietf(const exchange& x, answer& a);

} // namespace mediad::net
