#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <deque>
#include <random>

#include "bench/body.hpp"
#include "bench/client.hpp"
#include "bench/load.hpp"
#include "bench/samples.hpp"

namespace mediad::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::string_view host = " HTTP/1.1\r\nHost: localhost\r\n";

/// One run: connections that share the count of what is left to do. One thread.
class uploader {
public:
  explicit uploader(const load& wanted) : wanted_{wanted}, salt_{std::random_device{}()} {
    for (std::size_t i = 0; i < wanted_.connections; ++i) {
      clients_.emplace_back(io_.get_executor(), wanted_.server);
      bodies_.emplace_back(wanted_.body_bytes, salt_);
    }
  }

  nlohmann::ordered_json run() {
    for (std::size_t i = 0; i < clients_.size(); ++i)
      asio::co_spawn(io_, connect(i), asio::detached);
    io_.run_for(wanted_.time_limit);
    io_.restart();

    const auto begun = samples::clock::now();
    for (std::size_t i = 0; i < clients_.size(); ++i)
      asio::co_spawn(io_, work(i), asio::detached);
    io_.run_for(wanted_.time_limit);
    const auto elapsed = samples::clock::now() - begun;
    for (auto missing = wanted_.count - ended_; missing > 0; --missing)
      taken_.add_failure("not done within the time limit");
    return taken_.summary(elapsed);
  }

private:
  asio::awaitable<void> connect(std::size_t i) {
    if (const auto connected = co_await clients_[i].connect(); !connected)
      taken_.add_failure(connected.error().detail);
  }

  asio::awaitable<void> work(std::size_t i) {
    while (next_ < wanted_.count) {
      const auto number = next_++;
      const auto begun = samples::clock::now();
      const auto sent = co_await one(i, number);
      ++ended_;
      if (sent)
        taken_.add(samples::clock::now() - begun);
      else
        taken_.add_failure(sent.error().detail);
    }
  }

  asio::awaitable<result<>> one(std::size_t i, std::uint64_t number) {
    switch (wanted_.by) {
    case load::door::post: co_return co_await send(i, number, "POST", "?name=" + name(number));
    case load::door::put: co_return co_await send(i, number, "PUT", name(number));
    case load::door::tus: break;
    }
    co_return co_await send_tus(i, number);
  }

  asio::awaitable<result<>> send(std::size_t i, std::uint64_t number, std::string_view method,
                                 std::string_view target) {
    auto head = std::string{method}.append(" ").append(wanted_.path).append(target).append(host);
    head += "Content-Type: application/octet-stream\r\n" + length(wanted_.body_bytes);
    const auto got = co_await clients_[i].exchange(std::move(head), &bodies_[i], number);
    co_return check(got);
  }

  asio::awaitable<result<>> send_tus(std::size_t i, std::uint64_t number) {
    // tus 1.0: creation, with the bytes in the same request unless PATCH is to bring them.
    auto head = std::string{"POST "}.append(wanted_.path).append(host);
    head += "Tus-Resumable: 1.0.0\r\nUpload-Length: " + std::to_string(wanted_.body_bytes) + "\r\n";
    if (!wanted_.patch)
      head += tus_body;
    head += length(wanted_.patch ? 0 : wanted_.body_bytes);
    auto* const body = wanted_.patch ? nullptr : &bodies_[i];
    const auto created = co_await clients_[i].exchange(std::move(head), body, number);
    if (const auto good = check(created); !good)
      co_return good;
    if (!wanted_.patch)
      co_return check_offset(*created);

    const std::string location = (*created)[http::field::location];
    const auto scheme = location.find("://");
    const auto path = scheme == std::string::npos ? 0 : location.find('/', scheme + 3);
    if (path >= location.size())
      co_return fail(errc::internal, "no Location");
    head = std::string{"PATCH "}.append(location, path).append(host);
    head += "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n";
    head.append(tus_body).append(length(wanted_.body_bytes));
    const auto patched = co_await clients_[i].exchange(std::move(head), &bodies_[i], number);
    if (const auto good = check(patched); !good)
      co_return good;
    co_return check_offset(*patched);
  }

  std::string name(std::uint64_t number) const {
    return std::to_string(salt_) + "-" + std::to_string(number) + ".bin";
  }

  static std::string length(std::uint64_t bytes) {
    return "Content-Length: " + std::to_string(bytes) + "\r\n\r\n";
  }

  static result<> check(const result<answer>& got) {
    if (!got)
      return fail(got.error());
    if (got->result_int() / 100 != 2)
      return fail(errc::internal, std::to_string(got->result_int()) + ": " + got->body());
    return {};
  }

  /// A server without creation-with-upload answers with success, too, and has taken nothing.
  result<> check_offset(const answer& got) const {
    if (got["Upload-Offset"] != std::to_string(wanted_.body_bytes))
      return fail(errc::internal, "Upload-Offset is not the whole length");
    return {};
  }

  static constexpr std::string_view tus_body = "Content-Type: application/offset+octet-stream\r\n";

  const load wanted_;
  const std::uint32_t salt_;
  asio::io_context io_{1};
  std::deque<client> clients_;
  std::deque<body_source> bodies_; ///< One for each connection.
  samples taken_;
  std::uint64_t next_ = 0;
  std::uint64_t ended_ = 0;
};

} // namespace

nlohmann::ordered_json upload(const load& wanted) {
  return uploader{wanted}.run();
}

} // namespace mediad::bench
