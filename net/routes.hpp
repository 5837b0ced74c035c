#pragma once

#include "net/access/caller.hpp"
#include "net/http/exchange.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net {

/// What answers a request; see exchange.
using handler = asio::awaitable<void> (*)(exchange& x);

/// The parameters that may stand in the query of a request.
class query_parameters {
public:
  /// Any others are passed over.
  template <class... Names>
  static constexpr query_parameters some(Names... names) {
    return query_parameters{false, {names...}, sizeof...(names)};
  }
  /// Any others are a mistake, such as a filter whose name is misspelt.
  template <class... Names>
  static constexpr query_parameters only(Names... names) {
    return query_parameters{true, {names...}, sizeof...(names)};
  }

  constexpr std::span<const std::string_view> names() const {
    return {names_.data(), count_};
  }
  constexpr bool refuses_others() const {
    return refuses_others_;
  }

private:
  static constexpr std::size_t max_names = 24;
  using list = std::array<std::string_view, max_names>;

  constexpr query_parameters(bool refuses_others, list names, std::size_t count)
    : refuses_others_{refuses_others}, names_{names}, count_{count} {}

  bool refuses_others_;
  list names_;
  std::size_t count_;
};

/// One thing that clients can ask for.
struct route {
  http::verb method;
  /// `{…}` stands for any one segment that is not empty, `{path}` for any number of segments.
  std::string_view pattern;
  rights needs; ///< The caller must have one of these. None: every caller may ask.
  handler answer;
  query_parameters takes = query_parameters::some();
  /// For the guests of a share that gives one of these; its key is the first `{…}`, and is left out
  /// of the arguments. None: not for guests.
  rights guests{};
};

/// All routes but the files of the page (web/assets.hpp). HEAD goes wherever GET goes, unless it
/// has a route of its own.
std::span<const route> all_routes();

/// Whether an upload ticket leads there: to sending a file, or to one that was sent.
bool is_for_tickets(const route& r);

/// Whether a WebSocket there may show by its first frame whose it is.
bool takes_token_later(const route& r);

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

/// @returns a sentence for the client that names the first parameter which the route refuses, and
///          those that it takes; nothing if it refuses none of them.
std::optional<std::string> find_refused_parameter(const route& r, const fields::target& to);

} // namespace mediad::net
