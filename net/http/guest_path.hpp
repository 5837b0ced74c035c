#pragma once

#include "net/http/exchange.hpp"

/// Paths of shares, `/s/{key}` and all below: no other origin ever gets more there than the page.
namespace mediad::net {

inline bool is_of_share(const exchange& x) {
  const auto& path = x.to().segments;
  return !path.empty() && path.front() == "s";
}

/// The page of a share itself, to which links of other sites may lead.
inline bool is_page_of_share(const exchange& x) {
  return is_of_share(x) && x.to().segments.size() == 2;
}

} // namespace mediad::net
