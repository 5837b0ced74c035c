#include "base/user_name.hpp"

#include <cstddef>

namespace mediad {

bool is_user_name(std::string_view name) {
  constexpr std::size_t max_bytes = 32;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= max_bytes && name.front() != '-'
         && name.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace mediad
