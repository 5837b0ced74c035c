#pragma once

#include "net/http/exchange.hpp"

/// Which web pages may use this server (the Fetch standard's CORS protocol). Nobody signs in yet,
/// so a page needs nothing but its visitor's browser to read and delete all there is: by default
/// only pages that came from here may.
namespace mediad::net {

/// The request comes from no page, from one of ours, or from one of options().allowed_origins.
/// Without this any page that its user visits could upload to, or delete from, a server that only
/// listens on this machine: browsers send simple requests, and open WebSockets, anywhere.
bool is_origin_allowed(const exchange& x);

/// Lets pages of options().allowed_origins read the answer.
void set_cors_fields(const exchange& x, http::response_header<>& head);

/// Lets them send what is more than a simple request, if this is the question whether they may.
void describe_preflight(const exchange& x, answer& a);

} // namespace mediad::net
