#pragma once

#include <string>

namespace mediad::net {

/// What counts as one address where somebody could take many: of IPv6 the /64, for whoever has one
/// address of it has all. An IPv4 address also where it stands in its IPv6 form; any other text as
/// it is.
std::string neighbourhood_of(const std::string& address);

} // namespace mediad::net
