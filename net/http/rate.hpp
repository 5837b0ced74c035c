#pragma once

#include "net/http/exchange.hpp"

#include <optional>

/// How many requests may come in what time.
namespace mediad::net {

/// Counts the request, for its client's address and for its credential.
/// @pre the asker is known, if anybody is.
/// @returns the answer (429) if there were more than server.request_rate and .request_burst allow;
///          while nobody signs in there is no limit.
std::optional<answer> refuse_hurried(exchange& x);

} // namespace mediad::net
