#pragma once

#include "net/http/exchange.hpp"

#include <optional>
#include <string>

/// Callers whom a proxy in front has signed in (Authelia, oauth2-proxy), and names in a field of
/// each request: options().proxy_header.
namespace mediad::net {

/// The request has the field of options().proxy_header, whether it is believed or not.
bool names_caller(const exchange& x);
/// It has it more than once: then somebody else than the proxy has sent one.
bool names_caller_twice(const exchange& x);

/// The name under which a proxy has signed the caller in. It is believed if the peer is one of
/// options().proxy_peers and shows the secret, if there is one; without one, if the peer is on
/// another machine: here every program could connect.
/// @returns nothing if there is none that is believed.
std::optional<std::string> name_by_proxy(const exchange& x);

} // namespace mediad::net
