#include "net/io/client_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <vector>

namespace mediad::net {

namespace asio = boost::asio;

asio::ip::address address_of(const asio::generic::stream_protocol::endpoint& e) {
  asio::ip::tcp::endpoint end;
  const auto family = e.protocol().family();
  if (family != AF_INET && family != AF_INET6)
    return {};
  std::memcpy(end.data(), e.data(), std::min(e.size(), end.capacity()));
  return end.address();
}

struct client_stream::parts {
  parts(socket_type s, asio::ip::address at, std::unique_ptr<tls_session> session)
    : lower{std::move(s)},
      peer{std::move(at)},
      tls{std::move(session)},
      limit{lower.get_executor(), [this] {
              lower.close();
            }} {}

  lower_stream lower;
  asio::ip::address peer;
  std::unique_ptr<tls_session> tls;
  alarm::clock::time_point until = alarm::clock::time_point::max(); ///< Of TLS; else `lower` knows.
  alarm limit;
  std::vector<char> gathered;
};

client_stream::client_stream(socket_type socket, asio::ip::address peer,
                             std::unique_ptr<tls_session> tls)
  : parts_{std::make_unique<parts>(std::move(socket), std::move(peer), std::move(tls))} {
  boost::system::error_code ignored; // a dead socket fails at the first read
  if (parts_->tls)
    parts_->lower.socket().native_non_blocking(true, ignored);
}

client_stream::client_stream(client_stream&&) noexcept = default;
client_stream::~client_stream() = default;

client_stream::socket_type& client_stream::socket() {
  return parts_->lower.socket();
}

client_stream::socket_type& client_stream::wait_socket(parts& s) {
  return s.lower.socket();
}

client_stream::lower_stream& client_stream::lower() {
  return parts_->lower;
}

tls_session* client_stream::tls() {
  return parts_->tls.get();
}

bool client_stream::is_secure() const {
  return parts_->tls != nullptr;
}

const asio::ip::address& client_stream::peer() const {
  return parts_->peer;
}

void client_stream::expires_after(std::chrono::milliseconds time) {
  if (is_secure())
    parts_->until = alarm::clock::now() + time;
  else
    parts_->lower.expires_after(time);
}

void client_stream::expires_never() {
  parts_->until = alarm::clock::time_point::max();
  parts_->lower.expires_never();
}

void client_stream::cancel() {
  parts_->lower.cancel();
}

void client_stream::close() {
  parts_->lower.close();
}

void client_stream::finish_sending() {
  boost::system::error_code ignored;
  if (parts_->tls)
    parts_->tls->finish_sending();
  socket().shutdown(socket_type::shutdown_send, ignored);
}

client_stream client_stream::take() {
  return {parts_->lower.release_socket(), parts_->peer, std::move(parts_->tls)};
}

bool client_stream::has_bytes() {
  boost::system::error_code ignored;
  return (parts_->tls && parts_->tls->has_bytes()) || socket().available(ignored) > 0;
}

bool client_stream::has_left() {
  if (parts_->tls) {
    const auto seen = parts_->tls->peek().how;
    return seen == tls_step::outcome::ended || seen == tls_step::outcome::failed;
  }
  char byte = 0;
  return ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

char* client_stream::room_for(std::size_t bytes) {
  parts_->gathered.resize(bytes);
  return parts_->gathered.data();
}

client_stream::attempt client_stream::try_once(parts& s, way what, char* data, std::size_t size,
                                               error_code failed) {
  using outcome = tls_step::outcome;
  attempt out;
  tls_step step;
  const bool is_new = !failed && s.tls;
  if (is_new && size == 0 && what != way::handshake)
    step = {outcome::done, 0};
  else if (is_new && what == way::handshake)
    step = s.tls->handshake();
  else if (is_new && what == way::read)
    step = s.tls->read({data, size});
  else if (is_new)
    step = s.tls->write({data, size});
  if (step.how == outcome::wants_read || step.how == outcome::wants_write) {
    if (s.until != alarm::clock::time_point::max())
      s.limit.set(s.until);
    out.then =
      step.how == outcome::wants_read ? attempt::next::wait_read : attempt::next::wait_write;
    return out;
  }
  if (what == way::write)
    s.gathered = {};
  if (failed)
    out.problem = s.limit.passed() ? make_error_code(boost::beast::error::timeout) : failed;
  else if (step.how == outcome::ended)
    out.problem = asio::error::make_error_code(asio::error::eof);
  else if (step.how == outcome::failed)
    out.problem = asio::error::make_error_code(asio::error::connection_reset);
  out.bytes = step.bytes;
  s.limit.clear();
  return out;
}

void beast_close_socket(client_stream& s) {
  s.close();
}

void teardown(boost::beast::role_type role, client_stream& s, boost::system::error_code& problem) {
  if (auto* tls = s.tls())
    tls->finish_sending();
  boost::beast::websocket::teardown(role, s.socket(), problem);
}

} // namespace mediad::net
