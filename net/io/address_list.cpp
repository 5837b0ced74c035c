#include "net/io/address_list.hpp"

#include <algorithm>

namespace mediad::net {

namespace ip = boost::asio::ip;

result<address_list> address_list::parse(const std::vector<std::string>& texts) {
  address_list out;
  for (const auto& text : texts) {
    if (text == "unix") {
      out.holds_unix_ = true;
      continue;
    }
    const bool is_v6 = text.find(':') != std::string::npos;
    auto range = text;
    if (text.find('/') == std::string::npos)
      range += is_v6 ? "/128" : "/32";
    boost::system::error_code problem;
    if (is_v6)
      out.v6_.push_back(ip::make_network_v6(range, problem));
    else
      out.v4_.push_back(ip::make_network_v4(range, problem));
    if (problem)
      return fail(errc::bad_request, "not an address or range: " + text);
  }
  return out;
}

bool address_list::holds(const ip::address& a) const {
  if (a.is_unspecified())
    return holds_unix_;
  const bool is_mapped = a.is_v6() && a.to_v6().is_v4_mapped();
  if (a.is_v6() && !is_mapped)
    return std::any_of(v6_.begin(), v6_.end(), [wanted = a.to_v6()](const ip::network_v6& n) {
      return ip::network_v6{wanted, n.prefix_length()}.canonical() == n.canonical();
    });
  const auto wanted = is_mapped ? ip::make_address_v4(ip::v4_mapped, a.to_v6()) : a.to_v4();
  return std::any_of(v4_.begin(), v4_.end(), [wanted](const ip::network_v4& n) {
    return ip::network_v4{wanted, n.prefix_length()}.canonical() == n.canonical();
  });
}

} // namespace mediad::net
