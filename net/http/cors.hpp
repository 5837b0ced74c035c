#pragma once

#include "net/http/exchange.hpp"

#include <optional>
#include <string_view>

/// Which web pages may use this server (the Fetch standard's CORS protocol). Nobody signs in yet,
/// so a page needs nothing but its visitor's browser to read and delete all there is: by default
/// only pages that came from here may.
namespace mediad::net {

/// True if a browser page at @p origin may open a WebSocket to @p host: it was served from there.
/// Browsers send cookies and reach local addresses for any page, so this is the only guard.
/// @param origin  the `Origin` field; a client that is no browser sends none: allowed.
/// @param host    the `Host` field.
bool is_same_origin(std::optional<std::string_view> origin, std::string_view host);

/// The request comes from no page, from one of ours, or from one of options().allowed_origins.
/// Without this any page that its user visits could upload to, or delete from, a server that only
/// listens on this machine: browsers send simple requests, and open WebSockets, anywhere.
bool is_origin_allowed(const exchange& x);

/// Lets pages of options().allowed_origins read the answer, whichever it will be.
void add_cors_fields(exchange& x);

/// Lets these pages send what is more than a simple request, if this is the question whether they
/// may.
void describe_preflight(const exchange& x, answer& a);

} // namespace mediad::net
