#include "net/http/cors.hpp"

#include "net/access/credentials.hpp"
#include "net/http/forwarded.hpp"
#include "net/http/guest_path.hpp"
#include "net/http/proxy_name.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace mediad::net {

namespace {

constexpr std::string_view request_fields =
  "Authorization, Content-Disposition, Content-Digest, Content-Type, Idempotency-Key, If-Match, "
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

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// Browsers leave out a port that the scheme implies (RFC 6454 section 6.2); proxies may write it.
std::string without_port(std::string origin) {
  const std::string_view implied = origin.starts_with("https://")  ? ":443"
                                   : origin.starts_with("http://") ? ":80"
                                                                   : "";
  if (!implied.empty() && origin.ends_with(implied))
    origin.resize(origin.size() - implied.size());
  return origin;
}

/// What Access-Control-Allow-Origin is; nothing for a page that is not on the list.
std::optional<std::string> listed(const exchange& x) {
  const auto origin = x.field("Origin");
  if (!origin || is_of_share(x))
    return std::nullopt;
  const auto& list = x.options().allowed_origins;
  if (std::any_of(list.begin(), list.end(),
                  [&](const std::string& one) { return beast::iequals(one, *origin); }))
    return *origin;
  return is_any_origin_allowed(x) ? std::optional<std::string>{"*"} : std::nullopt;
}

} // namespace

bool is_same_origin(std::string_view origin, std::string_view own) {
  return without_port(lower(origin)) == without_port(lower(own));
}

std::string own_origin(const exchange& x) {
  auto origin = public_origin(x);
  return origin.empty() ? (x.over_tls() ? "https://" : "http://") + public_host(x) : origin;
}

bool is_origin_allowed(const exchange& x) {
  const auto origin = x.field("Origin");
  if (!origin || is_same_origin(*origin, own_origin(x)))
    return true;
  const auto by = listed(x);
  return by && (*by != "*" || !is_ambient(x));
}

bool is_ambient(const exchange& x) {
  if (is_of_share(x))
    return false;
  const auto shown = read_credential(x.request(), x.options().base_path);
  return names_caller(x) || (shown && shown->kind == credential_kind::session);
}

bool is_any_origin_allowed(const exchange& x) {
  const auto& list = x.options().allowed_origins;
  return std::find(list.begin(), list.end(), "*") != list.end();
}

void add_cors_fields(exchange& x) {
  if (x.options().allowed_origins.empty())
    return;
  x.add_to_answer("Vary", "Origin");
  const auto origin = listed(x);
  if (!origin)
    return;
  x.add_to_answer("Access-Control-Allow-Origin", *origin);
  x.add_to_answer("Access-Control-Expose-Headers", answer_fields);
}

void describe_preflight(const exchange& x, answer& a, std::string_view methods) {
  const bool is_question = x.field("Access-Control-Request-Method").has_value();
  if (!is_question || !listed(x))
    return;
  a.set(http::field::access_control_allow_methods, text(methods));
  a.set(http::field::access_control_allow_headers, text(request_fields));
  a.set(http::field::access_control_max_age, text(max_age));
}

} // namespace mediad::net
