#pragma once

#include <string>
#include <string_view>

namespace mediad::config {

inline constexpr std::string_view listen_rule =
  "a loopback address and a port, 127.0.0.1:8080 or [::1]:8080 (it refuses to listen on another "
  "address without users and tokens, and this version has none yet)";

/// True for an origin as browsers send it (`https://media.example:8443`), or `*`.
bool is_origin(const std::string& text);

/// True for what a `Host` field may say: a name or an address, with or without a port.
bool is_host(const std::string& text);

/// True for an IP address, or a range of them (CIDR): `10.0.0.0/8`.
bool is_address_range(const std::string& text);

/// True for a numeric loopback address with a port 0..65535. While no user signs in, a client
/// that reaches the server can read and remove every file, so only this machine may reach it.
bool is_loopback(const std::string& listen);

} // namespace mediad::config
