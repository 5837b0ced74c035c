#include "config/listen.hpp"

#include "base/options/value.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace mediad::config {

namespace {

bool is_loopback_v4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

bool is_loopback_v6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
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

bool is_loopback(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    return false;
  const auto digits = listen.substr(colon + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    return false;
  const auto port = options::parse_number(digits);
  if (!port || *port > 65'535)
    return false;
  const auto host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return is_loopback_v6(host.substr(1, host.size() - 2));
  return is_loopback_v4(host);
}

} // namespace mediad::config
