#include "net/http/proxy_name.hpp"

#include "base/log.hpp"
#include "base/password.hpp"
#include "net/access/proxy_secret.hpp"
#include "net/backend/services.hpp"

namespace mediad::net {

namespace {

std::size_t count_names(const exchange& x) {
  const auto& field = x.options().proxy_header;
  return field.empty() ? 0 : x.request().count(field);
}

bool is_on_this_machine(const exchange& x) {
  const auto& peer = x.peer();
  const auto plain =
    peer.is_v6() && peer.to_v6().is_v4_mapped()
      ? asio::ip::address{asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6())}
      : peer;
  // A program of this machine may as well connect to one of its other addresses.
  return plain.is_unspecified() || plain.is_loopback() || peer == x.own_address();
}

bool shows_secret(const exchange& x) {
  const auto shown = x.field(proxy_secret_field).value_or("");
  return are_equal_secrets(digest_of_secret(shown), x.shared().proxy_secret);
}

} // namespace

bool names_caller(const exchange& x) {
  return count_names(x) > 0;
}

bool names_caller_twice(const exchange& x) {
  return count_names(x) > 1;
}

std::optional<std::string> name_by_proxy(const exchange& x) {
  auto name = names_caller(x) ? x.field(x.options().proxy_header) : std::nullopt;
  // A proxy that has signed nobody in may say so by an empty field.
  if (!name || name->empty() || !x.shared().name_proxies.holds(x.peer()))
    return std::nullopt;
  const bool has_secret = !x.shared().proxy_secret.empty();
  if (has_secret ? shows_secret(x) : !is_on_this_machine(x))
    return name;
  log::warning("http", has_secret ? "a proxy names a caller without the secret in auth.proxy_secret"
                                  : "a proxy on this machine is not believed without "
                                    "auth.proxy_secret");
  return std::nullopt;
}

} // namespace mediad::net
