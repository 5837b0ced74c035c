#pragma once

#include "base/error.hpp"
#include "net/access/caller.hpp"
#include "net/access/signing_keys.hpp"
#include "net/fields/request.hpp"
#include "storage/view.hpp"

#include <functional>
#include <memory>
#include <string>

namespace mediad::net {

/// Finds the caller by the head of a request. Runs on the I/O thread of the request's connection,
/// several at once, before the body is read: it must not wait for anything. It runs for routes that
/// need a right, and once for each request.
/// An error is what the client is told; the handler does not run then.
using authenticator = std::function<result<caller>(const http::request_header<>& head)>;

/// Knows callers by what storage::view has of their credentials: `Authorization: Bearer` with a
/// token or an upload ticket, `Basic` with a token as password, or the cookie of a session. While
/// no user has a password, a request that shows none of them, or a cookie that is not known here,
/// is @p local's, with all rights.
/// An error is errc::unauthenticated, or one of the view.
/// @param base_path  of the server, which is in the name of its cookie.
/// @param in_use  hears of a credential that is used for the first time within an hour.
/// @param keys    have signed the tickets; null: there are none.
authenticator by_credentials(storage::view stored, std::string local, std::string base_path,
                             std::function<void(const credential_row&)> in_use,
                             std::shared_ptr<const signing_keys> keys = nullptr);

} // namespace mediad::net
