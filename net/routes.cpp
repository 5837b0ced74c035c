#include "net/routes.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace mediad::net {

namespace {

using http::verb;

struct route {
  verb method;
  std::string_view pattern; ///< `{…}` stands for any one segment that is not empty.
  endpoint to;
};

constexpr std::array table{
  route{verb::post, "/v1/files", endpoint::upload},
  route{verb::get, "/v1/files", endpoint::list},
  route{verb::get, "/v1/files/{id}", endpoint::record},
  route{verb::head, "/v1/files/{id}", endpoint::offset},
  route{verb::patch, "/v1/files/{id}", endpoint::append},
  route{verb::delete_, "/v1/files/{id}", endpoint::remove},
  route{verb::post, "/v1/files/{id}/cancel", endpoint::cancel},
  route{verb::post, "/v1/files/{id}/retry", endpoint::retry},
  route{verb::get, "/v1/files/{id}/content", endpoint::content},
  route{verb::get, "/v1/files/{id}/preview", endpoint::preview},
  route{verb::get, "/v1/files/{id}/renditions/{name}", endpoint::rendition},
  route{verb::get, "/v1/files/{id}/archive", endpoint::archive},
  route{verb::get, "/v1/events", endpoint::events},
  route{verb::post, "/v1/notices", endpoint::notices},
  route{verb::get, "/livez", endpoint::alive},
  route{verb::get, "/readyz", endpoint::ready},
  route{verb::get, "/metrics", endpoint::metrics},
};

/// What stood for `{…}`, or nothing if the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  std::vector<std::string> arguments;
  for (const auto& segment : segments) {
    if (pattern.empty())
      return std::nullopt;
    pattern.remove_prefix(1);
    const auto wanted = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(wanted.size());
    if (wanted.starts_with('{') && !segment.empty())
      arguments.push_back(segment);
    else if (wanted != segment)
      return std::nullopt;
  }
  if (!pattern.empty())
    return std::nullopt;
  return arguments;
}

void add_method(std::string& allow, verb method) {
  if (method == verb::head) // GET has named it
    return;
  const auto name = to_string(method);
  if (!allow.empty())
    allow += ", ";
  allow.append(name.data(), name.size());
  if (method == verb::get)
    allow += ", HEAD";
}

} // namespace

routing find_route(verb method, const std::vector<std::string>& segments) {
  const auto goes_to = [method](const route& r) {
    return r.method == method || (method == verb::head && r.method == verb::get);
  };
  routing out;
  for (const auto& r : table) {
    auto arguments = match(r.pattern, segments);
    if (!arguments)
      continue;
    add_method(out.allow, r.method);
    if (!goes_to(r))
      continue;
    out.found = r.to;
    out.arguments = *std::move(arguments);
  }
  if (!out.allow.empty())
    out.allow += ", OPTIONS";
  return out;
}

} // namespace mediad::net
