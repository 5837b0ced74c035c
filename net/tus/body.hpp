#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/tus/headers.hpp"
#include "net/uploads/incoming_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace mediad::net::tus {

/// What the header fields say about the body of a request.
struct incoming_body {
  bool creates = false; ///< The answer is 201 and has a Location.
  std::optional<announced_checksum> sum;
  bool sum_follows = false; ///< The checksum comes in the trailer of the chunked body.
};

/// Reads `Upload-Checksum` or the announcement of it.
/// @returns errc::bad_request, with a public detail.
result<incoming_body> read_incoming_body(const exchange& x);

/// Takes the request's body into the upload, hands the file over once it is whole, and answers.
boost::asio::awaitable<void> take_body(exchange& x, uploads::incoming_file file, incoming_body how);

} // namespace mediad::net::tus
