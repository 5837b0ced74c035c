#include "base/account.hpp"

namespace mediad {

std::string_view to_string(user_role r) {
  return r == user_role::admin ? "admin" : "member";
}

std::optional<user_role> parse_user_role(std::string_view word) {
  for (const auto r : {user_role::member, user_role::admin})
    if (word == to_string(r))
      return r;
  return std::nullopt;
}

} // namespace mediad
