#include "net/http/exchange.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include <array>

namespace mediad::net {

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// RFC 9110 section 6.4.1.
bool has_no_body(http::status status) {
  return status == http::status::no_content || status == http::status::not_modified
         || http::to_status_class(status) == http::status_class::informational;
}

/// Something is wrong with this server, not with the request or the moment: overload must not fill
/// the log.
bool is_fault(errc code) {
  return code == errc::storage_full || code == errc::storage_io || code == errc::timeout
         || code == errc::worker_died || code == errc::internal;
}

http::verb effective_method(const http::request_header<>& head) {
  const auto wanted = head.find("X-HTTP-Method-Override");
  if (head.method() != http::verb::post || wanted == head.end())
    return head.method();
  const auto verb = http::string_to_verb(wanted->value());
  const bool is_known =
    verb == http::verb::patch || verb == http::verb::delete_ || verb == http::verb::head;
  return is_known ? verb : http::verb::unknown;
}

std::string to_bytes(const http::response_header<>& head) {
  std::string out = "HTTP/1.1 " + std::to_string(head.result_int()) + ' ';
  out.append(reason_of(head.result_int())).append("\r\n");
  for (const auto& field : head) {
    out.append(field.name_string().data(), field.name_string().size()).append(": ");
    out.append(field.value().data(), field.value().size()).append("\r\n");
  }
  return out += "\r\n";
}

} // namespace

exchange::exchange(wire& connection, request_parser& parser, fields::framing body,
                   fields::target to)
  : wire_{connection},
    parser_{parser},
    body_{body},
    to_{std::move(to)},
    method_{effective_method(parser.get())},
    body_read_{!body.has_body()} {}

const asio::ip::address& exchange::peer() const {
  return wire_.stream.peer();
}

asio::ip::address exchange::own_address() const {
  boost::system::error_code is_gone;
  const auto end = wire_.stream.socket().local_endpoint(is_gone);
  return is_gone ? asio::ip::address{} : address_of(end);
}

bool exchange::comes_from_proxy() const {
  return !options().trusted_proxies.empty() && is_proxy(peer());
}

bool exchange::is_proxy(const asio::ip::address& address) const {
  return wire_.shared.proxies.holds(address);
}

const settings& exchange::options() const {
  return wire_.shared.options;
}

const storage::view& exchange::storage() const {
  return wire_.shared.deps.files;
}

bool exchange::keeps_alive() const {
  return !close_ && !broken_ && body_read_ && !wire_.stopping.raised() && request().keep_alive();
}

void exchange::add_to_answer(std::string_view name, std::string_view value) {
  added_.emplace_back(name, value);
}

answer exchange::make(http::status status) const {
  answer a{status, 11};
  a.set(http::field::server, "mediad");
  a.set(http::field::date, to_http_date(now_ms()));
  a.set("X-Content-Type-Options", "nosniff");
  return a;
}

answer exchange::make_problem(const problem& why, std::string_view detail) const {
  auto a = make(static_cast<http::status>(why.status)); // 460 is none of Beast's
  a.set(http::field::content_type, "application/problem+json");
  a.set(http::field::cache_control, "no-store");
  if (why.retry_after_s > 0)
    a.set(http::field::retry_after, std::to_string(why.retry_after_s));
  if (a.result() == http::status::unauthorized) // RFC 9110 section 11.6.1
    a.set(http::field::www_authenticate, R"(Bearer realm="mediad")");
  a.body() = problem_json(why, detail);
  return a;
}

std::string exchange::begin(http::response_header<> head) {
  answered_ = true;
  wire_.shared.counters.count_answer(head.result_int());
  if (head.result() != http::status::switching_protocols) {
    if (!keeps_alive())
      head.set(http::field::connection, "close");
    else if (request().version() < 11)
      head.set(http::field::connection, "keep-alive");
  }
  for (const auto& [name, value] : added_)
    if (head[name] != value)
      head.insert(name, value);
  return to_bytes(head);
}

asio::awaitable<void> exchange::write(std::string_view bytes) {
  if (broken_)
    co_return;
  wire_.stream.expires_after(options().body_timeout);
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  const auto [problem, sent] = co_await asio::async_write(wire_.stream, buffer, as_result);
  if (problem)
    set_broken();
}

asio::awaitable<void> exchange::send(answer response) {
  if (!has_no_body(response.result()))
    response.content_length(response.body().size());
  const auto head = begin(response.base());
  std::string_view body;
  if (!head_only() && !has_no_body(response.result()))
    body = response.body();
  if (broken_)
    co_return;
  wire_.stream.expires_after(options().body_timeout);
  const std::array<asio::const_buffer, 2> all{asio::buffer(head),
                                              asio::buffer(body.data(), body.size())};
  const auto [problem, sent] = co_await asio::async_write(wire_.stream, all, as_result);
  if (problem)
    set_broken();
}

asio::awaitable<void> exchange::send_json(http::status status, const nlohmann::ordered_json& body) {
  auto a = make(status);
  a.set(http::field::content_type, "application/json");
  a.set(http::field::cache_control, "no-store");
  a.body() = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  co_await send(std::move(a));
}

answer exchange::make_problem(const error& e) const {
  if (is_fault(e.code))
    log::error("http", e);
  else
    log::debug("http", to_string(e.code) + ": " + e.detail);
  return make_problem(problem_of(e.code));
}

asio::awaitable<void> exchange::send_problem(error e) {
  co_await send(make_problem(e));
}

asio::awaitable<void> exchange::send_problem(problem p, std::string detail) {
  co_await send(make_problem(p, detail));
}

asio::awaitable<void> exchange::send_empty(http::status status) {
  co_await send(make(status));
}

} // namespace mediad::net
