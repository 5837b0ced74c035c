#include "config/listen_options.hpp"

#include "base/options/kinds.hpp"
#include "config/listen.hpp"

namespace mediad::config {

namespace {

using namespace options;

constexpr std::int64_t year = std::int64_t{8'760} * 60 * 60 * 1'000;

bool is_anything(const std::string&) {
  return true;
}

bool is_mode(const std::string& text) {
  return (text.size() == 3 || (text.size() == 4 && text.front() == '0'))
         && text.find_first_not_of("01234567") == std::string::npos;
}

template <class Member>
auto net(Member member) {
  return at(&settings::net, member);
}

} // namespace

void add_listening(std::vector<option>& all) {
  using s = net::settings;
  all.push_back(
    texts({"server", "listen",
           "Where HTTP and WebSocket are spoken in the clear; port 0 takes any free one. "
           "Empty: only server.tls_listen."},
          net(&s::listen), std::string{listen_rule}, is_listen_address));
  all.push_back(texts({"server", "tls_listen", "Where they are spoken in TLS, 1.2 and up."},
                      net(&s::tls_listen), std::string{tls_listen_rule}, is_listen_address));
  all.push_back(texts({"server", "redirect_listen",
                       "Where the only answer is 308, to the first of server.tls_listen."},
                      net(&s::redirect_listen), std::string{tls_listen_rule}, is_listen_address));
  all.push_back(text({"server", "tls_certificate",
                      "PEM file: the server's certificate, then those that lead to its issuer. "
                      "Read again at SIGHUP."},
                     net(&s::tls_certificate), "a path, or nothing", is_anything));
  all.push_back(text({"server", "tls_key", "PEM file: its key, without a password."},
                     net(&s::tls_key), "a path, or nothing", is_anything));
  all.push_back(
    seconds({"server", "hsts",
             "How long browsers shall use nothing but TLS for this host "
             "(Strict-Transport-Security); 0ms: not said. They cannot be told otherwise before."},
            net(&s::hsts_s), {0, 2 * year}));
  all.push_back(text(
    {"server", "socket_mode", "Mode of the file of a UNIX socket: who may write it may connect."},
    net(&s::socket_mode), "three or four octal digits, like 0660", is_mode));
  all.push_back(text({"server", "base_path",
                      "What a proxy in front has before every path. Requests may come with it or "
                      "without it; all paths in answers begin with it."},
                     net(&s::base_path), std::string{base_path_rule}, is_base_path));
  all.push_back(texts(
    {"server", "trusted_proxies",
     "Proxies whose Forwarded and X-Forwarded-Proto, -Host, -For are believed; unix: "
     "whoever comes by a UNIX socket."},
    net(&s::trusted_proxies), "a list of addresses, ranges like 10.0.0.0/8, or unix", is_proxy));
}

} // namespace mediad::config
