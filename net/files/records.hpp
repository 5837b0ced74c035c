#pragma once

#include "net/http/exchange.hpp"

/// Files as records: everything about them but their bytes. Another user's are not found.
namespace mediad::net {

/// `GET /v1/files/{id}`; with `?wait=` as soon as the record changes, at once if it is finished, at
/// the latest after so many seconds (up to 60).
asio::awaitable<void> send_record(exchange& x);

/// Removes a file for good, also from the trash.
asio::awaitable<void> remove_record(exchange& x);
asio::awaitable<void> cancel_processing(exchange& x);
asio::awaitable<void> retry_processing(exchange& x);

} // namespace mediad::net
