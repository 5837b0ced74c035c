#include "net/http/cors.hpp"

#include "net/events/messages.hpp"
#include "net/http/forwarded.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace mediad::net {

namespace {

constexpr std::string_view methods = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

constexpr std::string_view request_fields =
  "Content-Disposition, Content-Digest, Content-Type, Idempotency-Key, If-Match, "
  "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID, Range, "
  "Repr-Digest, Tus-Resumable, Upload-Checksum, Upload-Complete, Upload-Concat, "
  "Upload-Defer-Length, Upload-Draft-Interop-Version, Upload-Incomplete, Upload-Length, "
  "Upload-Metadata, Upload-Offset, X-HTTP-Method-Override, X-Request-ID, X-Requested-With";

constexpr std::string_view answer_fields =
  "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link, Location, "
  "Mediad-Progress-Id, Repr-Digest, Retry-After, Tus-Checksum-Algorithm, Tus-Extension, "
  "Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Complete, Upload-Concat, "
  "Upload-Defer-Length, Upload-Draft-Interop-Version, Upload-Expires, Upload-Incomplete, "
  "Upload-Length, Upload-Limit, Upload-Metadata, Upload-Offset";

/// How long browsers may remember it, in seconds; none does for longer than a day.
constexpr std::string_view max_age = "86400";

beast::string_view text(std::string_view s) {
  return {s.data(), s.size()};
}

/// What Access-Control-Allow-Origin is; nothing for a page that is not on the list.
std::optional<std::string> listed(const exchange& x) {
  const auto origin = x.field("Origin");
  if (!origin)
    return std::nullopt;
  for (const auto& one : x.options().allowed_origins) {
    if (one == "*")
      return one;
    if (beast::iequals(one, *origin))
      return *origin;
  }
  return std::nullopt;
}

} // namespace

bool is_origin_allowed(const exchange& x) {
  return is_same_origin(x.field("Origin"), public_host(x)) || listed(x).has_value();
}

void set_cors_fields(const exchange& x, http::response_header<>& head) {
  if (x.options().allowed_origins.empty())
    return;
  head.insert(http::field::vary, "Origin"); // beside any other
  const auto origin = listed(x);
  if (!origin)
    return;
  head.set(http::field::access_control_allow_origin, *origin);
  head.set(http::field::access_control_expose_headers, text(answer_fields));
}

void describe_preflight(const exchange& x, answer& a) {
  const bool is_question = x.field("Access-Control-Request-Method").has_value();
  if (!is_question || !listed(x))
    return;
  a.set(http::field::access_control_allow_methods, text(methods));
  a.set(http::field::access_control_allow_headers, text(request_fields));
  a.set(http::field::access_control_max_age, text(max_age));
}

} // namespace mediad::net
