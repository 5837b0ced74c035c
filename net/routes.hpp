#pragma once

#include "net/fields/request.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mediad::net {

/// What can be asked for.
enum class endpoint {
  upload,
  list,
  record,
  offset,
  append,
  remove,
  cancel,
  retry,
  content,
  preview,
  rendition,
  archive,
  events,
  notices,
  alive,
  ready,
  metrics,
};

/// Where a request leads.
struct routing {
  std::optional<endpoint> found;
  std::vector<std::string> arguments; ///< What stood for `{…}` in the pattern, in order.
  /// The methods this path knows, as `Allow` wants them; empty: no such path.
  std::string allow;
};

/// Looks a request up in the table of all routes. HEAD goes wherever GET goes, unless it has a
/// route of its own.
/// @param segments  of the path, decoded.
routing find_route(http::verb method, const std::vector<std::string>& segments);

} // namespace mediad::net
