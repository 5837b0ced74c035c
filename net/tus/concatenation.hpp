#pragma once

#include "actors/protocol.hpp"
#include "net/http/exchange.hpp"

namespace mediad::net::tus {

/// Creates an upload that is put together from others, and answers. A long one is joined after the
/// answer.
/// @param wanted  with the ids of its parts.
boost::asio::awaitable<void> create_final(exchange& x, storage::new_upload wanted);

} // namespace mediad::net::tus
