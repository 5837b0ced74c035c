#pragma once

#include "base/account.hpp"
#include "base/error.hpp"
#include "storage/view.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Links by which a user signs in once. The secret stands in the fragment of the address, which
/// browsers send to no server: the page takes it from there and sends it in a body.
namespace mediad::net {

inline constexpr std::chrono::hours sign_in_link_lasts{24};

struct sign_in_link {
  std::string text;   ///< `<user>.<secret>`: what the page sends.
  std::string digest; ///< What is stored of it.
  unix_ms expires_at = 0;
};

/// @param user  id.
sign_in_link make_sign_in_link(const std::string& user);

/// The address below that of the page: `/#link=<user>.<secret>`.
std::string address_of(const sign_in_link& l);

/// The user who may sign in by this text, and the digest that is stored of it.
struct link_holder {
  user_row user;
  std::string digest;
};

/// @returns errc::unauthenticated if the link counts no more, or never did; the errors of the view.
result<link_holder> find_link_holder(const storage::view& stored, std::string_view text);

} // namespace mediad::net
