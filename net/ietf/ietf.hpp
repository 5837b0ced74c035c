#pragma once

#include "net/http/exchange.hpp"

/// The door for "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload, interop versions
/// 3 to 10, and the RFC to come).
namespace mediad::net::ietf {

/// A POST that creates an upload to be resumed. A form that is whole is not one: it is taken as if
/// it had not asked.
bool creates_upload(const exchange& x);
/// The request says whether its upload is complete.
bool says_complete(const exchange& x);
/// A PATCH or HEAD that can only be meant for this door.
bool is_spoken(const exchange& x);

/// POST: a new upload, with its first bytes, with all of them, or with none.
asio::awaitable<void> create(exchange& x);
/// HEAD. A running append saves what has come and ends first, so that the client is told all. One
/// of a registered file that names no draft is told about the file as well.
asio::awaitable<void> send_offset(exchange& x);
/// PATCH: more bytes.
asio::awaitable<void> append(exchange& x);

/// Says in the answer to OPTIONS what there is of it.
void describe(const exchange& x, answer& a);

} // namespace mediad::net::ietf
