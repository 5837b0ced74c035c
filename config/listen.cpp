#include "config/listen.hpp"

#include "base/options/value.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <optional>

namespace mediad::config {

namespace {

std::optional<bool> is_loopback_host(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1)
    return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']'
      && inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) == 1)
    return IN6_IS_ADDR_LOOPBACK(&v6);
  return std::nullopt;
}

bool is_socket_file(const std::string& listen) {
  return listen.starts_with("unix:/");
}

/// Whether an address with a port is of this machine alone; nothing if it is no such address.
std::optional<bool> is_loopback_listen(const std::string& listen) {
  constexpr std::int64_t last_port = 65'535;
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    return std::nullopt;
  const auto digits = listen.substr(colon + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const auto port = options::parse_number(digits);
  if (!port || *port > last_port)
    return std::nullopt;
  return is_loopback_host(listen.substr(0, colon));
}

} // namespace

bool is_origin(const std::string& text) {
  if (text == "*")
    return true;
  std::string_view host = text;
  for (const std::string_view scheme : {"https://", "http://"})
    if (host.starts_with(scheme)) {
      host.remove_prefix(scheme.size());
      return !host.empty() && host.find_first_of("/?#@ \t,\"") == std::string_view::npos;
    }
  return false;
}

bool is_host(const std::string& text) {
  return !text.empty() && text.find_first_of("/?#@ \t,\"*") == std::string::npos;
}

bool is_address_range(const std::string& text) {
  const auto slash = text.find('/');
  const auto host = text.substr(0, slash);
  in6_addr v6{};
  in_addr v4{};
  const bool is_v6 = inet_pton(AF_INET6, host.c_str(), &v6) == 1;
  if (!is_v6 && inet_pton(AF_INET, host.c_str(), &v4) != 1)
    return false;
  if (slash == std::string::npos)
    return true;
  const auto digits = text.substr(slash + 1);
  const bool is_number =
    !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
  const auto bits = is_number ? options::parse_number(digits) : std::nullopt;
  return bits && *bits <= (is_v6 ? 128 : 32);
}

bool is_proxy(const std::string& text) {
  return text == "unix" || is_address_range(text);
}

bool is_base_path(const std::string& text) {
  if (text.empty())
    return true;
  std::size_t begin = 0; // of a segment, with its slash
  while (begin < text.size()) {
    const auto end = std::min(text.find('/', begin + 1), text.size());
    const auto segment = text.substr(begin, end - begin);
    const auto odd = segment.find_first_not_of(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", 1);
    if (text[begin] != '/' || segment.size() < 2 || odd != std::string::npos || segment == "/."
        || segment == "/..")
      return false;
    begin = end;
  }
  const auto first = text.substr(0, text.find('/', 1));
  return text.back() != '/' && first != "/v1" && first != "/s";
}

bool is_listen_address(const std::string& listen) {
  return is_socket_file(listen) || is_loopback_listen(listen).has_value();
}

std::string find_open_address(const net::settings& s) {
  for (const auto* all : {&s.listen, &s.tls_listen, &s.redirect_listen})
    for (const auto& one : *all)
      if (!is_socket_file(one) && !is_loopback(one))
        return one;
  return {};
}

bool is_loopback(const std::string& listen) {
  return is_loopback_listen(listen).value_or(false);
}

} // namespace mediad::config
