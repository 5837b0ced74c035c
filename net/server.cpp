#include "net/server.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/reactor.hpp"
#include "net/tus/join.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <vector>

namespace mediad::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// `127.0.0.1:8080`, `[::1]:0`.
result<tcp::endpoint> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  const auto port_text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto* end = port_text.data() + port_text.size();
  const auto [stop, bad_port] = std::from_chars(port_text.data(), end, port);
  boost::system::error_code bad_host;
  const auto address = asio::ip::make_address(std::string{host}, bad_host);
  if (bad_host || port_text.empty() || bad_port != std::errc{} || stop != end)
    return fail(errc::bad_request, "not an address and a port: " + std::string{text});
  return tcp::endpoint{address, port};
}

std::string to_text(const tcp::endpoint& e) {
  const auto host = e.address().to_string();
  return (e.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(e.port());
}

} // namespace

struct server::parts {
  parts(settings s, backend_handles handles) : shared{std::move(s), std::move(handles)} {}

  services shared;
  std::vector<reactor> reactors; ///< Their contexts hold what refers to services: gone first.
  tcp::endpoint address;
};

result<server> server::start(settings s, backend_handles handles) {
  const auto endpoint = parse_listen(s.listen);
  if (!endpoint)
    return fail(endpoint.error());
  auto proxies = address_list::parse(s.trusted_proxies);
  if (!proxies)
    return fail(proxies.error());
  if (!handles.who_asks)
    handles.who_asks = by_credentials(
      handles.files, handles.everybody, s.base_path,
      [storage = handles.storage](const credential_row& used) { note_use(storage, used); });
  auto made = std::make_unique<parts>(std::move(s), std::move(handles));
  made->shared.proxies = std::move(*proxies);
  made->address = *endpoint;
  for (std::uint32_t i = 0; i < made->shared.options.threads; ++i) {
    auto listening = reactor::listen(made->shared, made->address, i == 0);
    if (!listening)
      return fail(listening.error().code, listening.error().detail + ": " + to_text(*endpoint));
    made->address = listening->address();
    made->reactors.push_back(std::move(*listening));
  }
  for (auto& r : made->reactors)
    r.run();
  tus::resume_joins(made->shared);
  return server{std::move(made)};
}

server::server(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
server::server(server&&) noexcept = default;

server& server::operator=(server&& other) noexcept {
  std::swap(parts_, other.parts_);
  return *this;
}

server::~server() {
  if (parts_)
    stop();
}

std::string server::address() const {
  return to_text(parts_->address);
}

void server::check_callers() {
  end_what_counts_no_more(parts_->shared);
}

void server::stop() {
  parts_->shared.stopping = true;
  for (auto& r : parts_->reactors)
    r.stop();
  for (auto& r : parts_->reactors)
    r.join();
  parts_->shared.disk.join();
  for (auto& r : parts_->reactors)
    r.drain();
}

} // namespace mediad::net
