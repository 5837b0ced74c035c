#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <iostream>

#include "bench/body.hpp"
#include "bench/load.hpp"
#include "bench/standard_input.hpp"

namespace mediad::bench {

namespace asio = boost::asio;

nlohmann::ordered_json hold_idle(const load& wanted) {
  constexpr std::uint64_t begun_bytes = 1024;
  asio::io_context io{1};
  std::deque<asio::ip::tcp::socket> sockets;
  body_source bodies{begun_bytes, 1};
  const auto head = "POST " + wanted.path + "?name=idle.bin HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/octet-stream\r\nContent-Length: "
                    + std::to_string(std::max(wanted.body_bytes, begun_bytes + 1)) + "\r\n\r\n";
  std::uint64_t failures = 0;
  for (std::uint64_t i = 0; i < wanted.count; ++i) {
    boost::system::error_code failed;
    auto& socket = sockets.emplace_back(io);
    static_cast<void>(socket.connect(wanted.server, failed));
    const auto piece = bodies.piece(i, 0);
    const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(piece)};
    if (!failed)
      asio::write(socket, both, failed);
    failures += failed ? 1 : 0;
  }
  std::cout << R"({"begun":)" << wanted.count - failures << "}" << std::endl;

  standard_input input{io};
  input.on_end([&io] { io.stop(); });
  io.run_for(wanted.time_limit);
  // An answer, or the end of the connection, is the end of an upload that should have stayed open.
  for (auto& socket : sockets) {
    std::array<char, 1> byte{};
    boost::system::error_code state;
    static_cast<void>(socket.non_blocking(true, state));
    static_cast<void>(socket.receive(asio::buffer(byte), asio::socket_base::message_peek, state));
    failures += state == asio::error::would_block ? 0 : 1;
  }
  nlohmann::ordered_json out;
  out["held"] = wanted.count;
  out["failures"] = failures;
  return out;
}

} // namespace mediad::bench
