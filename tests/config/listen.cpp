#define CAF_SUITE config_listen

#include "config/listen.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using mediad::config::is_base_path;
using mediad::config::is_loopback;

CAF_TEST(loopback addresses of both families are accepted) {
  for (const auto* listen : {"127.0.0.1:8080", "127.0.0.1:0", "127.9.9.9:65535", "[::1]:8080"})
    CAF_CHECK(is_loopback(listen));
}

CAF_TEST(an address that others can reach is refused) {
  for (const auto* listen :
       {"0.0.0.0:8080", "192.168.1.2:8080", "[::]:8080", "[::ffff:192.168.1.2]:80", "128.0.0.1:80"})
    CAF_CHECK(!is_loopback(listen));
}

CAF_TEST(what is no numeric address with a port is refused) {
  for (const auto* listen : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "127.0.0.1:+1", "127.0.0.1:80 ", "localhost:80", "127.1:80", "::1:80",
                             "[]:80", ":8080", "127.0.0.1:99999999999999999999"})
    CAF_CHECK(!is_loopback(listen));
}

CAF_TEST(a base path is a path that hides no route) {
  for (const auto* good : {"", "/media", "/a/b.c/d-e_f~1"})
    CAF_CHECK(is_base_path(good));
  for (const auto* bad : {"/", "media", "/media/", "/a//b", "/a/../b", "/.", "/v1", "/v1/x", "/s",
                          "/a b", "/a;b", "/a\nb", "//a"})
    CAF_CHECK(!is_base_path(bad));
}

CAF_TEST(a socket file is an address and nobody beyond this machine reaches it) {
  CAF_CHECK(mediad::config::is_listen_address("unix:/run/mediad/http.sock"));
  for (const auto* listen : {"unix:", "unix:http.sock", "/run/mediad/http.sock"})
    CAF_CHECK(!mediad::config::is_listen_address(listen));
}

CAF_TEST(the first address that others can reach is found in each list) {
  using mediad::config::find_open_address;
  mediad::net::settings s;
  s.listen = {"127.0.0.1:8080", "unix:/run/http.sock"};
  s.tls_listen = {"[::1]:8443"};
  CAF_CHECK_EQUAL(find_open_address(s), "");
  s.redirect_listen = {"127.0.0.1:80", "0.0.0.0:80"};
  CAF_CHECK_EQUAL(find_open_address(s), "0.0.0.0:80");
  s.tls_listen.emplace_back("[::]:443");
  CAF_CHECK_EQUAL(find_open_address(s), "[::]:443");
  s.listen.emplace_back("192.168.1.2:8080");
  CAF_CHECK_EQUAL(find_open_address(s), "192.168.1.2:8080");
}
