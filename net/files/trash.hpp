#pragma once

#include "net/http/exchange.hpp"

/// Files that were deleted, and may come back.
namespace mediad::net {

/// `DELETE /v1/files/{id}`: to the trash. With `permanent=1`, and if it is still arriving, for
/// good.
asio::awaitable<void> delete_record(exchange& x);

/// Stops what is going on with a file, before it goes to the trash: whoever works on it must not
/// publish what it makes.
asio::awaitable<result<>> stop_work_on(exchange& x, const file_record& record);

/// `POST /v1/files/{id}/restore`
asio::awaitable<void> restore_record(exchange& x);

/// `DELETE /v1/trash`: some files at a time, so that others' uploads go on meanwhile.
asio::awaitable<void> empty_trash(exchange& x);

} // namespace mediad::net
