#include "net/access/authenticator.hpp"

#include <utility>

namespace mediad::net {

authenticator everybody_is(std::string user) {
  return [who = caller{std::move(user), rights::all()}](const http::request_header<>&) {
    return result<caller>{who};
  };
}

} // namespace mediad::net
