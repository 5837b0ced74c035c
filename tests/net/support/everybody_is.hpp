#pragma once

#include "net/server.hpp"

#include <string>
#include <utility>

namespace mediad::tests {

/// Every request is this user's, with all rights.
/// @param user  an id.
inline net::authenticator everybody_is(std::string user) {
  return
    [who = net::caller{std::move(user), net::rights::all()}](const net::http::request_header<>&) {
      return result<net::caller>{who};
    };
}

} // namespace mediad::tests
