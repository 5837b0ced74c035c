#include "net/backend/neighbourhood.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace mediad::net {

std::string neighbourhood_of(const std::string& text) {
  constexpr unsigned short prefix = 64;
  boost::system::error_code is_none;
  const auto address = boost::asio::ip::make_address(text, is_none);
  if (is_none || !address.is_v6())
    return text;
  if (address.to_v6().is_v4_mapped()) // of clients of a socket for both kinds
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
      .to_string();
  return boost::asio::ip::make_network_v6(address.to_v6(), prefix).canonical().to_string();
}

} // namespace mediad::net
