#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What a client calls this server, where a proxy that we trust stands in between.
namespace mediad::net {

/// The scheme and the authority that the client used.
struct public_address {
  std::string scheme; ///< `http` or `https`.
  std::string host;   ///< Host, with a port if one was written.
};

/// What the proxy says: `Forwarded` (RFC 7239), else `X-Forwarded-Proto` and `X-Forwarded-Host`. Of
/// a list the last member counts, for any client may have sent the others.
/// @param host  the `Host` field: for a proxy that says nothing else.
/// @returns nothing if it says nothing, or nothing that makes sense.
std::optional<public_address> read_forwarded(const http::fields& fields, std::string_view host);

/// `https://media.example`, to be put before a path; empty if no trusted proxy says so: then a path
/// is enough, and always right.
std::string public_origin(const exchange& x);

/// The address of the client: the peer's, or if that is a trusted proxy the last one in `Forwarded`
/// or `X-Forwarded-For` that is no trusted proxy's. Empty if it is not known.
std::string client_address(const exchange& x);

/// The authority that pages of this server are loaded from.
std::string public_host(const exchange& x);

} // namespace mediad::net
