#include "net/http/guard.hpp"

#include "net/http/asked.hpp"
#include "net/http/cors.hpp"
#include "net/http/forwarded.hpp"
#include "net/http/guest_path.hpp"
#include "net/http/proxy_name.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace mediad::net {

namespace {

constexpr std::size_t max_quoted = 200;

/// What a client sent, for a line of the log.
std::string in_quotes(std::string_view text) {
  return '"' + std::string{text.substr(0, max_quoted)} + '"';
}

/// The name or address without its port, without the brackets of an IPv6 address.
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('['))
    return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

bool equal(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool is_loopback(std::string_view host) {
  if (host.ends_with('.'))
    host.remove_suffix(1);
  constexpr std::string_view name = "localhost"; // RFC 6761 section 6.3: and all names below it
  const bool is_below = host.size() > name.size() && host[host.size() - name.size() - 1] == '.'
                        && equal(host.substr(host.size() - name.size()), name);
  if (is_below || equal(host, name))
    return true;
  boost::system::error_code is_no_address;
  const auto address = asio::ip::make_address(std::string{host}, is_no_address);
  return !is_no_address && address.is_loopback();
}

bool is_safe(http::verb method) {
  return method == http::verb::get || method == http::verb::head || method == http::verb::options;
}

bool is_of_interface(const exchange& x) {
  return !x.to().segments.empty() && x.to().segments.front() == "v1";
}

/// A link on another site may lead to the page, but not to files or to the interface.
bool opens_page(const exchange& x) {
  return x.method() == http::verb::get && x.field("Sec-Fetch-Mode") == "navigate"
         && x.field("Sec-Fetch-Dest") == "document"
         && (is_page_of_share(x) || (!is_of_share(x) && !is_of_interface(x)));
}

std::optional<refusal> check_hosts(const exchange& x) {
  constexpr problem misdirected{421, "unknown_host", "This server does not answer by that name."};
  for (const auto& host : {x.field("Host").value_or(""), public_host(x)})
    if (!host.empty() && !is_known_host(host, x.options().allowed_hosts)) // HTTP/1.0 may say none
      return refusal{misdirected, "Host " + in_quotes(host)
                                    + " is neither of this machine nor in server.allowed_hosts"};
  return std::nullopt;
}

std::optional<refusal> check_site(const exchange& x) {
  // Nothing that the visitor's browser adds counts there, so a page of another site gains nothing
  // by it.
  if (shows_signature(x))
    return std::nullopt;
  const auto origin = x.field("Origin");
  const auto site = x.field("Sec-Fetch-Site");
  if (origin) {
    if (is_origin_allowed(x))
      return std::nullopt;
    return refusal{forbidden, "Origin " + in_quotes(*origin) + " is neither " + own_origin(x)
                                + " nor in server.allowed_origins (a proxy that ends TLS must be"
                                  " in server.trusted_proxies and send X-Forwarded-Proto)"};
  }
  // Pages of sibling hosts are no nearer to the guests of a share than any others.
  const bool is_foreign =
    site && (equal(*site, "cross-site") || (is_of_share(x) && equal(*site, "same-site")));
  const bool is_any_let_in = is_any_origin_allowed(x) && !is_of_share(x) && !is_ambient(x);
  if (is_foreign && !opens_page(x) && !is_any_let_in)
    return refusal{forbidden, "a page of another site asks for " + in_quotes(x.to().path)};
  if (!site && !is_safe(x.method()) && (x.field("Cookie") || is_ambient(x)))
    return refusal{forbidden, "a change with a cookie, or with a name of a proxy's, has neither "
                              "Origin nor Sec-Fetch-Site"};
  return std::nullopt;
}

} // namespace

bool is_known_host(std::string_view authority, const std::vector<std::string>& allowed) {
  const auto host = host_of(authority);
  if (is_loopback(host))
    return true;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    return equal(one, authority) || (equal(one, host) || equal(one, '[' + std::string{host} + ']'));
  });
}

std::optional<refusal> find_refusal(const exchange& x) {
  if (auto wrong_host = check_hosts(x))
    return wrong_host;
  if (names_caller_twice(x))
    return refusal{problem_of(errc::bad_request),
                   "the field of auth.proxy_header is there twice: a proxy in front must replace "
                   "what clients send"};
  // Checks the real method, not X-HTTP-Method-Override: a page cannot send OPTIONS by itself.
  if (x.request().method() == http::verb::options)
    return std::nullopt;
  return check_site(x);
}

} // namespace mediad::net
