#pragma once

#include "net/http/exchange.hpp"

#include <string>
#include <string_view>

/// Which web pages may use this server (the Fetch standard's CORS protocol). While no user
/// has a password, a page needs nothing but its visitor's browser to read and delete all there is:
/// by default only pages that came from here may use it.
namespace mediad::net {

/// Compares two origins (RFC 6454): scheme, host and port, a port that the scheme implies left out.
/// @param origin  the `Origin` field; `null` is no page of this server.
bool is_same_origin(std::string_view origin, std::string_view own);

/// The origin of this server's own page, as the client sees it: `http://127.0.0.1:8080`.
std::string own_origin(const exchange& x);

/// The request names no origin, this server's own, or one of options().allowed_origins. Without
/// this any page that its user visits could upload to, or delete from, a server that only listens
/// on this machine: browsers send simple requests, and open WebSockets, anywhere.
bool is_origin_allowed(const exchange& x);

/// Whose the request is, its browser or a proxy has added by itself, whichever page asks: by the
/// cookie of a session, or by a name. For such requests `*` in options().allowed_origins does not
/// count.
bool is_ambient(const exchange& x);

/// options().allowed_origins lets every page in.
bool is_any_origin_allowed(const exchange& x);

/// Lets pages of options().allowed_origins read the answer, whichever it will be.
void add_cors_fields(exchange& x);

/// Lets these pages send what is more than a simple request, if this is the question whether they
/// may.
/// @param methods  those that any address of this server knows, with commas.
void describe_preflight(const exchange& x, answer& a, std::string_view methods);

} // namespace mediad::net
