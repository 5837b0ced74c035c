#pragma once

#include "net/settings.hpp"

#include <string>
#include <string_view>

namespace mediad::config {

inline constexpr std::string_view listen_rule =
  "a list of addresses with a port, 127.0.0.1:8080 or [::1]:8080, and of unix:/path (it starts on "
  "another address than one of this machine alone only if people sign in)";
inline constexpr std::string_view tls_listen_rule = "a list like server.listen's";

/// True for an origin as browsers send it (`https://media.example:8443`), or `*`.
bool is_origin(const std::string& text);

/// True for what a `Host` field may say: a name or an address, with or without a port.
bool is_host(const std::string& text);

/// True for an IP address, or a range of them (CIDR): `10.0.0.0/8`.
bool is_address_range(const std::string& text);

inline constexpr std::string_view base_path_rule =
  "empty, or a path like /media without a slash at its end, that does not begin with /v1 or /s";

/// True for a path below which a proxy may show a server; see base_path_rule.
bool is_base_path(const std::string& text);

/// True for what is_address_range is true for, and for `unix`.
bool is_proxy(const std::string& text);

/// True for a numeric address with a port 0..65535, and for `unix:` with an absolute path.
bool is_listen_address(const std::string& listen);

/// True for a numeric loopback address with a port 0..65535. While no account has a password, a
/// client that reaches the server can read and remove all files: only this machine may reach it.
bool is_loopback(const std::string& listen);

/// The first address of all that it listens at that others than this machine may reach: neither
/// loopback nor a UNIX socket. Empty if there is none.
std::string find_open_address(const net::settings& s);

} // namespace mediad::config
