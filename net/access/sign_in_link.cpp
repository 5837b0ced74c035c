#include "net/access/sign_in_link.hpp"

#include "base/clock.hpp"
#include "base/password.hpp"

namespace mediad::net {

sign_in_link make_sign_in_link(const std::string& user) {
  const auto secret = make_secret();
  return {user + '.' + secret, digest_of_secret(secret),
          now_ms() + std::chrono::milliseconds{sign_in_link_lasts}.count()};
}

std::string address_of(const sign_in_link& l) {
  return "/#link=" + l.text;
}

result<link_holder> find_link_holder(const storage::view& stored, std::string_view text) {
  const auto refused = fail(errc::unauthenticated, "a link that counts no more");
  const auto dot = text.find('.');
  if (dot == std::string_view::npos)
    return refused;
  auto user = stored.find_user_by_id(std::string{text.substr(0, dot)});
  if (!user)
    return user.error().code == errc::not_found ? refused : fail(user.error());
  auto digest = digest_of_secret(text.substr(dot + 1));
  const bool counts = user->disabled_at == 0 && user->leaving_since == 0
                      && are_equal_secrets(user->link_digest, digest)
                      && now_ms() < user->link_expires_at;
  if (!counts)
    return refused;
  return link_holder{*std::move(user), std::move(digest)};
}

} // namespace mediad::net
