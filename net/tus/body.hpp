#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/tus/headers.hpp"
#include "net/uploads/incoming_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace mediad::net {

/// What a request that brings bytes says of them.
struct tus_bytes {
  bool creates = false; ///< The answer is 201, and says where the upload is.
  std::optional<tus_checksum> sum;
  bool sum_follows = false; ///< It is in the trailer of the chunked body.
};

/// Reads `Upload-Checksum` or the announcement of it.
/// @returns errc::bad_request, with a public detail.
result<tus_bytes> read_tus_bytes(const exchange& x);

/// Takes the request's body into the upload, hands the file over once it is whole, and answers.
boost::asio::awaitable<void> take_tus_bytes(exchange& x, incoming_file file, tus_bytes how);

} // namespace mediad::net
