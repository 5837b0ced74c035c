#pragma once

#include "base/error.hpp"
#include "net/access/caller.hpp"
#include "net/backend/live_callers.hpp"
#include "net/fields/request.hpp"
#include "net/http/problems.hpp"
#include "net/io/client_stream.hpp"
#include "net/io/deadline.hpp"
#include "net/io/stop_signal.hpp"
#include "net/settings.hpp"
#include "storage/view.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::net {

namespace asio = boost::asio;
namespace beast = boost::beast;

struct services; // net/backend/services.hpp: settings, actors, disk threads, counters

/// What outlives a single request of a connection. Everything runs on the connection's I/O thread.
struct wire {
  client_stream stream;
  beast::flat_buffer buffer; ///< Bytes that came after what has been parsed: use them first.
  services& shared;
  stop_signal& stopping;
  bool redirects = false; ///< The only answer is where TLS is spoken.
  deadline limit{stream}; ///< Limits reads; writes have the stream's own timer.
};

using request_parser = http::request_parser<http::buffer_body>;
using answer = http::response<http::string_body>;

/// Where files are kept that a request brings.
struct destination {
  std::string user;   ///< Id of the folder's owner, who owns what is sent there.
  std::string folder; ///< Id; empty: the root folder.
  std::string name{}; ///< Of the one file, if the address says it: then the body is that file.
};

/// One request on one connection: what was asked, and the means to answer it once. A handler is an
/// `awaitable<void>` that takes an exchange; nothing it does can fail in a way that the caller must
/// know of: if the client is gone, sends do nothing and broken() says so.
class exchange {
public:
  exchange(wire& w, request_parser& parser, fields::framing body, fields::target to);
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  // --- what was asked

  /// The request, for websocket::stream::async_accept and for any field.
  const http::request<http::buffer_body>& request() const {
    return parser_.get();
  }
  /// What is asked for: in a POST, `X-HTTP-Method-Override` may say PATCH, DELETE or HEAD for a
  /// client that cannot send these (tus 1.0); any other override is `unknown`.
  http::verb method() const {
    return method_;
  }
  /// The answer must have no body; send() sees to it, after begin() it is the handler's duty.
  bool head_only() const {
    return request().method() == http::verb::head;
  }
  /// All lines of one field, joined; nothing if there is none.
  std::optional<std::string> field(std::string_view name) const {
    return fields::joined_field(request(), name);
  }
  const fields::target& to() const {
    return to_;
  }
  std::optional<std::string_view> query(std::string_view name) const {
    return to_.parameter(name);
  }
  /// What stood for `{…}` in the route's pattern, in order: the id, then the rendition's name.
  std::vector<std::string> arguments;
  /// The caller that sent it; unknown and without any right unless its route needs a right.
  const caller& asker() const {
    return asker_;
  }
  void set_asker(caller who) {
    asker_ = std::move(who);
  }
  /// Where the files that it brings go: into the caller's root unless it names a folder.
  destination goes_to() const {
    return destination_.value_or(destination{asker_.user, asker_.folder});
  }
  /// They go into a folder of another user's.
  bool is_for_another() const {
    return destination_ && destination_->user != asker_.user;
  }
  void set_destination(destination to) {
    destination_ = std::move(to);
  }
  /// The address at the other end of the connection; that of a proxy, if there is one. Unspecified
  /// if it came by a UNIX socket.
  const asio::ip::address& peer() const;
  /// The address of this server to which the client has connected; unspecified for a UNIX socket.
  asio::ip::address own_address() const;
  /// It came in TLS to this server itself.
  bool over_tls() const {
    return wire_.stream.is_secure();
  }
  /// It came where clients are only sent on to TLS.
  bool is_to_redirect() const {
    return wire_.redirects;
  }
  /// It came from one of options().trusted_proxies.
  bool comes_from_proxy() const;
  /// One of options().trusted_proxies.
  bool is_proxy(const asio::ip::address& address) const;

  /// Sets what ends this request if its caller's credential counts no more: else its connection is
  /// closed.
  void ends_by(std::function<void()> end) {
    if (under_way_ != nullptr)
      under_way_->ends_by(std::move(end));
  }
  void set_under_way(live_callers::request* r) {
    under_way_ = r;
  }

  // --- what there is to answer with

  const settings& options() const;
  /// What is stored, as it may be read.
  const mediad::storage::view& storage() const;
  services& shared() const {
    return wire_.shared;
  }

  // --- the connection

  /// Set expires_after(options().body_timeout) before each write on it. Before each read, too, or
  /// read_limit(), where the client must be told.
  client_stream& stream() {
    return wire_.stream;
  }
  deadline& read_limit() {
    return wire_.limit;
  }
  beast::flat_buffer& buffer() {
    return wire_.buffer;
  }
  stop_signal& stopping() {
    return wire_.stopping;
  }

  // --- the body

  const fields::framing& body() const {
    return body_;
  }
  request_parser& parser() {
    return parser_;
  }
  /// The body has been read to its end, so that another request may follow.
  void body_was_read() {
    body_read_ = true;
  }

  // --- answering: exactly once

  /// Puts a field into the answer, whichever it will be, unless the answer has that very line
  /// already.
  void add_to_answer(std::string_view name, std::string_view value);
  /// An answer with the fields that all have (Date, Server, nosniff).
  answer make(http::status status) const;
  /// @param detail  public: which parameter is wrong, say. Empty: the problem's own sentence.
  answer make_problem(const problem& p, std::string_view detail = {}) const;
  /// The error's own detail goes to the log: as an error if it is our fault.
  answer make_problem(const error& e) const;
  /// Fills in Content-Length and Connection and sends head and body.
  asio::awaitable<void> send(answer a);
  asio::awaitable<void> send_json(http::status status, const nlohmann::ordered_json& body);
  asio::awaitable<void> send_problem(error e);
  asio::awaitable<void> send_problem(problem p, std::string detail = {});
  /// Sends an answer without a body: 204, 304 …
  asio::awaitable<void> send_empty(http::status status);
  /// The bytes of a head whose body the handler sends itself. It adds Connection only: set
  /// Content-Length, or say must_close() before. Counts as the answer.
  std::string begin(http::response_header<> head);
  /// Sends, after begin(), all of @p bytes, which must outlive the call, with the body's deadline.
  /// broken() says afterwards how it went.
  asio::awaitable<void> write(std::string_view bytes);

  bool answered() const {
    return answered_;
  }
  /// No answer can reach the client any more.
  bool broken() const {
    return broken_;
  }
  void set_broken() {
    broken_ = true;
  }
  /// No other request may follow on this connection.
  void must_close() {
    close_ = true;
  }
  /// Another request may follow: valid until the answer's head has been made, and then final.
  bool keeps_alive() const;

private:
  wire& wire_;
  request_parser& parser_;
  fields::framing body_;
  fields::target to_;
  http::verb method_;
  caller asker_;
  std::optional<destination> destination_;
  live_callers::request* under_way_ = nullptr; ///< Null if the caller is unknown.
  bool body_read_;
  bool answered_ = false;
  bool broken_ = false;
  bool close_ = false;
  std::vector<std::pair<std::string, std::string>> added_; ///< Fields for the head of the answer.
};

} // namespace mediad::net
