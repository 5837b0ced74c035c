#pragma once

#include "net/http/exchange.hpp"

/// What owners say of their files.
namespace mediad::net {

/// `PATCH /v1/files/{id}` with an object in JSON: another name, tags and the like.
asio::awaitable<void> change_record(exchange& x);

/// Sends a record, with the `ETag` that names what its owner has said of it last.
asio::awaitable<void> send_file(exchange& x, result<file_record> record);

} // namespace mediad::net
