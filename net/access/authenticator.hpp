#pragma once

#include "base/error.hpp"
#include "net/access/caller.hpp"
#include "net/fields/request.hpp"

#include <functional>
#include <string>

namespace mediad::net {

/// Finds the caller by the head of a request. Runs on the I/O thread of the request's connection,
/// several at once, before the body is read: it must not wait for anything. It runs for routes that
/// need a right, and once for each request.
/// An error is what the client is told; the handler does not run then.
using authenticator = std::function<result<caller>(const http::request_header<>& head)>;

/// The only one as long as no user signs in: every request is this user's, with all rights.
/// @param user  an id.
authenticator everybody_is(std::string user);

} // namespace mediad::net
