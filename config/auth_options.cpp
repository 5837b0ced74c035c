#include "config/auth_options.hpp"

#include "base/options/kinds.hpp"
#include "config/listen.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace mediad::config {

namespace {

using namespace options;

/// Fields that requests have anyway, in lower case: none of them can say who somebody is.
constexpr std::array<std::string_view, 12> taken{
  "authorization", "connection",      "content-length",
  "content-type",  "cookie",          "forwarded",
  "host",          "origin",          "range",
  "user-agent",    "x-forwarded-for", "mediad-proxy-secret"};

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool is_field_name(const std::string& text) {
  const auto odd =
    text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
  return odd == std::string::npos
         && std::find(taken.begin(), taken.end(), lower_case(text)) == taken.end();
}

bool is_anything(const std::string&) {
  return true;
}

template <class Member>
auto net(Member member) {
  return at(&settings::net, member);
}

} // namespace

void add_authentication(std::vector<option>& all) {
  using s = net::settings;
  all.push_back(text({"auth", "proxy_header",
                      "Name of the header field by which a proxy in front says whom it has signed "
                      "in, such as Remote-User. Empty: none is believed. It never makes an admin."},
                     net(&s::proxy_header), "the name of a field, of a-z, 0-9 and -, or nothing",
                     is_field_name));
  all.push_back(texts({"auth", "proxy_peers",
                       "Proxies whose word on that is believed; unix: whoever comes by a UNIX "
                       "socket."},
                      net(&s::proxy_peers), "a list of addresses, ranges like 10.0.0.0/8, or unix",
                      is_proxy));
  all.push_back(text({"auth", "proxy_secret",
                      "File whose first line, of 16 bytes or more, these proxies must send as "
                      "Mediad-Proxy-Secret. Without it none on this machine is believed."},
                     net(&s::proxy_secret), "a path, or nothing", is_anything));
  all.push_back(flag({"auth", "proxy_adds_users",
                      "Whether a name that nobody has becomes a user, a member, when such a proxy "
                      "says it for the first time."},
                     net(&s::proxy_adds_users)));
  all.push_back(flag({"auth", "admins_need_totp",
                      "Whether admins may do what only admins may, by the page and by tokens, not "
                      "before they have set up a second factor."},
                     net(&s::admins_need_totp)));
}

} // namespace mediad::config
