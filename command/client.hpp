#pragma once

#include "base/error.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

/// Just enough HTTP and WebSocket to use a server of our own from outside. Blocks; every call has
/// a limit of time.
namespace mediad::command {

struct http_answer {
  unsigned status = 0;
  std::string body;
};

/// One request on a connection of its own.
/// @param address  `127.0.0.1:8080`; @param content_type  empty: the request has no body.
/// @returns errc::timeout after @p limit, storage_io if the connection broke.
result<http_answer> request(const std::string& address, std::string_view method,
                            const std::string& target, std::string_view content_type = {},
                            std::string_view body = {},
                            std::chrono::milliseconds limit = std::chrono::seconds{30});

/// A WebSocket on `/v1/events`.
class event_stream {
public:
  static result<event_stream> open(const std::string& address,
                                   std::chrono::milliseconds limit = std::chrono::seconds{10});
  event_stream(event_stream&&) noexcept;
  event_stream& operator=(event_stream&&) noexcept;
  ~event_stream();

  /// The next text frame. @returns errc::timeout after @p limit; the stream is spent then.
  result<std::string> next(std::chrono::milliseconds limit);

private:
  struct parts;
  explicit event_stream(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::command
