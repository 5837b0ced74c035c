#include "net/server.hpp"

#include "base/log.hpp"
#include "base/password.hpp"
#include "net/access/proxy_secret.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/identity.hpp"
#include "net/backend/services.hpp"
#include "net/reactor.hpp"
#include "net/tus/join.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace mediad::net {

namespace asio = boost::asio;

namespace {

constexpr int octal = 8;

std::string url_of(const listener& l) {
  if (l.where().is_file())
    return to_string(l.where()) + (l.what() == spoken::tls ? " in TLS" : "");
  return (l.what() == spoken::tls ? "https://" : "http://") + to_string(l.where());
}

/// Opens all addresses, those in the clear first.
result<std::vector<listener>> open_all(const settings& s) {
  const auto mode = static_cast<mode_t>(std::strtoul(s.socket_mode.c_str(), nullptr, octal));
  std::vector<listener> out;
  const std::array<std::pair<const std::vector<std::string>*, spoken>, 3> all{
    {{&s.listen, spoken::plain},
     {&s.tls_listen, spoken::tls},
     {&s.redirect_listen, spoken::redirect}}};
  for (const auto& [texts, what] : all)
    for (const auto& text : *texts) {
      auto where = parse_listen(text);
      if (!where)
        return fail(where.error());
      auto made = listener::open(std::move(*where), what, true, mode);
      if (!made)
        return fail(made.error());
      out.push_back(std::move(*made));
    }
  return out;
}

/// The settings that only make sense together.
result<> check_together(const settings& s) {
  if (s.listen.empty() && s.tls_listen.empty())
    return fail(errc::bad_request, "server.listen and server.tls_listen: both are empty");
  if (!s.tls_listen.empty() && (s.tls_certificate.empty() || s.tls_key.empty()))
    return fail(errc::bad_request,
                "server.tls_listen needs server.tls_certificate and server.tls_key");
  return {};
}

/// Whose word counts on where a client is, and on who it is.
result<> load_proxies(services& shared) {
  const auto& s = shared.options;
  auto forwarders = address_list::parse(s.trusted_proxies);
  auto namers = address_list::parse(s.proxy_peers);
  if (!forwarders || !namers)
    return fail(forwarders ? namers.error() : forwarders.error());
  shared.proxies = *std::move(forwarders);
  shared.name_proxies = *std::move(namers);
  if (s.proxy_header.empty() || s.proxy_secret.empty())
    return {};
  auto secret = read_proxy_secret(s.proxy_secret);
  if (!secret)
    return fail(secret.error());
  if (const auto open = find_open_key(s.proxy_secret); !open.empty())
    log::warning("http", "auth.proxy_secret: " + open);
  shared.proxy_secret = digest_of_secret(*secret);
  return {};
}

} // namespace

struct server::parts {
  parts(settings s, backend_handles handles) : shared{std::move(s), std::move(handles)} {}

  /// One for each thread, which all listen at the same addresses.
  result<> make_reactors();

  /// Ends what has expired, and has the storage keep what was noted and counted, every half second.
  void look_around();
  void end_looking();

  services shared;
  asio::strand<asio::thread_pool::executor_type> watch{
    asio::make_strand(shared.disk.get_executor())};
  asio::steady_timer next_look{watch};
  std::vector<reactor> reactors; ///< Their contexts hold what refers to services: gone first.
  std::string address;
};

result<> server::parts::make_reactors() {
  auto opened = open_all(shared.options);
  if (!opened)
    return fail(opened.error());
  for (const auto& one : *opened) {
    shared.urls.push_back(url_of(one));
    if (one.what() == spoken::tls && shared.tls_port == 0 && !one.where().is_file())
      shared.tls_port = one.where().tcp.port();
  }
  if (!shared.options.redirect_listen.empty() && shared.tls_port == 0)
    return fail(errc::bad_request,
                "server.redirect_listen has nowhere to lead to: no server.tls_listen has a port");
  address = to_string(opened->front().where());
  for (std::uint32_t i = 1; i < shared.options.threads; ++i) {
    std::vector<listener> more;
    for (const auto& one : *opened) {
      auto again = one.again();
      if (!again)
        return fail(again.error());
      more.push_back(std::move(*again));
    }
    reactors.emplace_back(shared, std::move(more));
  }
  reactors.emplace_back(shared, std::move(*opened));
  return {};
}

void server::parts::look_around() {
  constexpr std::chrono::milliseconds interval{500};
  next_look.expires_after(interval);
  next_look.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled || shared.stopping)
      return;
    end_what_has_expired(shared);
    shared.audit.flush();
    flush_share_uses(shared);
    look_around();
  });
}

/// The timer is its strand's alone.
void server::parts::end_looking() {
  asio::post(watch, [this] { next_look.cancel(); });
}

result<server> server::start(settings s, backend_handles handles) {
  if (const auto fits = check_together(s); !fits)
    return fail(fits.error());
  if (!handles.who_asks)
    handles.who_asks = by_credentials(
      handles.files, handles.everybody, s.base_path,
      [storage = handles.storage](const credential_row& used) { note_use(storage, used); },
      handles.keys);
  auto made = std::make_unique<parts>(std::move(s), std::move(handles));
  if (const auto known = load_proxies(made->shared); !known)
    return fail(known.error());
  if (!made->shared.options.tls_listen.empty())
    if (const auto loaded = load_identity(made->shared); !loaded)
      return fail(loaded.error());
  if (const auto listening = made->make_reactors(); !listening)
    return fail(listening.error());
  for (auto& r : made->reactors)
    r.run();
  tus::resume_joins(made->shared);
  made->look_around();
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
  return parts_->address;
}

const std::vector<std::string>& server::urls() const {
  return parts_->shared.urls;
}

void server::reload() {
  static_cast<void>(net::reload(parts_->shared));
}

void server::check_callers() {
  end_what_counts_no_more(parts_->shared);
}

void server::stop() {
  parts_->shared.stopping = true;
  parts_->end_looking();
  for (auto& r : parts_->reactors)
    r.stop();
  for (auto& r : parts_->reactors)
    r.join();
  parts_->shared.disk.join();
  for (auto& r : parts_->reactors)
    r.drain();
  parts_->shared.audit.flush(true);
  flush_share_uses(parts_->shared, true);
}

} // namespace mediad::net
