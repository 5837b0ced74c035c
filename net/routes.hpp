#pragma once

#include "net/access/caller.hpp"
#include "net/http/exchange.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net {

/// What answers a request; see exchange.
using handler = asio::awaitable<void> (*)(exchange& x);

/// One thing that clients can ask for.
struct route {
  http::verb method;
  std::string_view pattern; ///< `{…}` stands for any one segment that is not empty.
  rights needs;             ///< The caller must have one of these. None: anybody may ask.
  handler answer;
};

/// All routes but the files of the page (web/assets.hpp). HEAD goes wherever GET goes, unless it
/// has a route of its own.
std::span<const route> all_routes();

/// Where a request leads.
struct routing {
  const route* found = nullptr;       ///< One of all_routes().
  std::vector<std::string> arguments; ///< What stood for `{…}` in the pattern, in order.
  /// The methods this path knows, as `Allow` wants them; empty: no such path.
  std::string allow;
};

/// Looks a request up in all_routes().
/// @param segments  of the path, decoded.
routing find_route(http::verb method, const std::vector<std::string>& segments);

/// The methods that any path knows, as `Allow` wants them.
std::string all_methods();

} // namespace mediad::net
