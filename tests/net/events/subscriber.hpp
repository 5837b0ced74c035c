#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mediad::tests {

/// A blocking WebSocket client of the events. The suite's time limit is its own.
class subscriber {
public:
  using json = nlohmann::json;
  using socket = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;
  using request = boost::beast::websocket::request_type;

  subscriber(
    boost::asio::ip::tcp::endpoint to, const std::string& query = {},
    const std::function<void(request&)>& also = [](request&) {})
    : ws{io} {
    ws.next_layer().connect(to);
    ws.set_option(boost::beast::websocket::stream_base::decorator{also});
    ws.handshake(answer, "localhost", "/v1/events" + query, refused);
  }

  /// The next frame; null once the connection has ended.
  json next() {
    boost::beast::flat_buffer buffer;
    ws.read(buffer, ended);
    return ended ? json{} : json::parse(boost::beast::buffers_to_string(buffer.data()));
  }

  void say(const std::string& text) {
    ws.write(boost::asio::buffer(text));
  }

  /// Returns once the server has handled all that was said before.
  void settle() {
    say(R"({"type":"ping"})");
    for (auto frame = next(); !frame.is_null() && frame.at("type") != "pong"; frame = next()) {
    }
  }

  /// The numbers of the stored events from here to number @p last, with everything else left out.
  std::vector<std::uint64_t> seqs_until(std::uint64_t last) {
    std::vector<std::uint64_t> seqs;
    while (seqs.empty() || seqs.back() < last) {
      const auto frame = next();
      if (frame.is_null())
        break;
      if (frame.at("type") != "hello" && frame.contains("seq"))
        seqs.push_back(frame.at("seq").get<std::uint64_t>());
    }
    return seqs;
  }

  /// What the server gave as reason, after next() was null.
  unsigned close_code() const {
    return ws.reason().code;
  }

  boost::asio::io_context io;
  socket ws;
  boost::beast::websocket::response_type answer;
  boost::system::error_code refused;
  boost::system::error_code ended;
};

inline std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> out;
  for (auto n = first; n <= last; ++n)
    out.push_back(n);
  return out;
}

// By value: CAF's check macros keep references, which must not lead into a frame that is gone.
inline std::string type_of(const nlohmann::json& frame) {
  return frame.is_null() ? "end" : frame.at("type").get<std::string>();
}

inline std::uint64_t number(const nlohmann::json& frame, const char* name) {
  return frame.at(name).get<std::uint64_t>();
}

inline std::string file_of(const nlohmann::json& frame) {
  return frame.at("file").at("id").get<std::string>();
}

inline std::string code_of(const nlohmann::json& frame) {
  return frame.at("code").get<std::string>();
}

} // namespace mediad::tests
