#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net {

/// Adds the fields that every answer to this request carries, even one that refuses it.
void prepare_answer(exchange& x);

/// Finds the route of a request and answers it.
asio::awaitable<void> handle(exchange& x);

} // namespace mediad::net

/// One address, several protocols: each of these functions hands a request to the door that its
/// fields mean, which is tus, the draft of the IETF, or plain HTTP.
namespace mediad::net::doors {

/// `POST /v1/files`
asio::awaitable<void> create(exchange& x);
/// `HEAD /v1/files/{id}`
asio::awaitable<void> send_offset(exchange& x);
/// `PATCH /v1/files/{id}`: JSON changes what its owner says of a file, all else is bytes of an
/// upload.
asio::awaitable<void> patch(exchange& x);
/// `DELETE /v1/files/{id}`
asio::awaitable<void> remove(exchange& x);

} // namespace mediad::net::doors
