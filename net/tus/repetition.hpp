#pragma once

#include "actors/protocol.hpp"
#include "net/http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

namespace mediad::net::tus {

/// Answers a creation that repeats an earlier one, whose answer the client missed: with the
/// location and the offset of that one's upload, or with a refusal if the bytes that it brings are
/// not those that came with the first.
/// @returns false if there was none with this key: nothing has been answered then.
boost::asio::awaitable<bool> answer_repeat(exchange& x, const storage::request_key& key);

} // namespace mediad::net::tus
