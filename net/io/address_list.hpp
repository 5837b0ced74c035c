#pragma once

#include "base/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <vector>

namespace mediad::net {

/// Addresses and ranges of them (CIDR) that are trusted.
class address_list {
public:
  /// @param texts  `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`; `unix`: the unspecified address, which
  ///               stands for the peers of UNIX sockets.
  /// @returns errc::bad_request, which names the text, for anything else.
  static result<address_list> parse(const std::vector<std::string>& texts);

  /// True for an IPv4 address also in its IPv6 form.
  bool holds(const boost::asio::ip::address& a) const;

private:
  bool holds_unix_ = false;
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

} // namespace mediad::net
