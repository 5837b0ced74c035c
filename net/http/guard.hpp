#pragma once

#include "net/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Which requests are answered at all. Any web page reaches this server by the browser of its
/// visitor, who may be signed in; while no user has a password, that alone is enough to read and
/// delete everything.
namespace mediad::net {

/// Why a request is not answered.
struct refusal {
  problem what;
  std::string reason; ///< Goes to the log; names the field and the option that decide.
};

/// True if @p authority (a `Host` field: a name or an address, with or without a port) is of this
/// machine alone, or is in @p allowed. A page that rebinds its own name to 127.0.0.1 (DNS
/// rebinding) sends that name.
/// @param allowed  options().allowed_hosts: a member without a port stands for every port.
bool is_known_host(std::string_view authority, const std::vector<std::string>& allowed);

/// Holds the request against these rules, in this order:
/// - `Host`, and what a trusted proxy says it was, must be known hosts; else 421. A request of
///   HTTP/1.0 that names none passes: every browser does.
/// - `Origin`, if sent, must be this server's own, scheme included, or one of
///   options().allowed_origins; else 403. OPTIONS is exempt: its answer grants nothing by itself.
/// - Without `Origin`, what another site's page asks for (`Sec-Fetch-Site: cross-site`, Fetch
///   Metadata) is refused with 403, except that a link may lead to the page of this server.
/// - An address that is judged by its signature alone may be asked for by any page.
/// - A change that carries a cookie, or the name of a caller that a proxy has added, must carry
///   `Origin` or `Sec-Fetch-Site`, too; else 403. `*` in allowed_origins does not count for either.
/// - The field of options().proxy_header may be there once; else 400.
/// @returns nothing if the request may go on.
std::optional<refusal> find_refusal(const exchange& x);

} // namespace mediad::net
