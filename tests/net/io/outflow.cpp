#define CAF_SUITE net_io_outflow

#include "net/io/outflow.hpp"

#include "base/file.hpp"
#include "tests/temp_root.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <caf/test/unit_test.hpp>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <thread>

using namespace mediad;
using namespace mediad::net;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct fixture {
  asio::io_context io{1};
  std::optional<client_stream> stream;
  tcp::socket theirs{io};
  tests::temp_root dir;

  fixture() {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // as the server's main does
    tcp::acceptor door{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    theirs.connect(door.local_endpoint());
    stream.emplace(door.accept(), asio::ip::address_v4::loopback());
  }

  result<unique_fd> file_of(std::uint64_t bytes) const {
    const auto file = dir.path / "file";
    std::ofstream{file}.close();
    std::filesystem::resize_file(file, bytes);
    return open_file(file, O_RDONLY);
  }

  // Sends until the end or the time limit.
  bool send_file(int fd, fields::byte_range range, std::chrono::milliseconds no_progress) {
    bool sent = false;
    auto send = [&]() -> asio::awaitable<void> {
      outflow out{*stream, no_progress};
      sent = co_await out.send_file(fd, range);
    };
    asio::co_spawn(io, send(), asio::detached);
    io.restart();
    io.run();
    return sent;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outflow_tests, fixture)

CAF_TEST(a client that takes nothing is given up after the time limit) {
  const auto file = file_of(64 << 20);
  CAF_REQUIRE(file);
  const auto begin = std::chrono::steady_clock::now();
  const bool sent = send_file(file->get(), {0, 64 << 20}, 100ms);
  const auto took = std::chrono::steady_clock::now() - begin;
  CAF_CHECK(!sent);
  CAF_CHECK(took >= 100ms);
}

CAF_TEST(a client that reads slower than the time limit but steadily gets all) {
  const auto file = file_of(64 << 20);
  CAF_REQUIRE(file);
  std::size_t got = 0;
  std::thread reader{[&] {
    std::string piece(1 << 20, '\0');
    boost::system::error_code end;
    while (!end)
      got += theirs.read_some(asio::buffer(piece), end);
  }};
  const bool sent = send_file(file->get(), {0, 64 << 20}, 10s);
  stream->close();
  reader.join();
  CAF_CHECK(sent);
  CAF_CHECK_EQUAL(got, std::size_t{64} << 20);
}

CAF_TEST(a file that ends too early is an error) {
  const auto file = file_of(10);
  CAF_REQUIRE(file);
  CAF_CHECK(!send_file(file->get(), {0, 11}, 10s));
}

CAF_TEST(a client that has left is an error) {
  const auto file = file_of(64 << 20);
  CAF_REQUIRE(file);
  theirs.close();
  CAF_CHECK(!send_file(file->get(), {0, 64 << 20}, 10s));
}

CAF_TEST(a wait for room leaves reading alone) {
  const auto file = file_of(64 << 20);
  CAF_REQUIRE(file);
  std::string heard(4, '\0');
  bool complete = false;
  asio::async_read(*stream, asio::buffer(heard),
                   [&](boost::system::error_code failed, std::size_t) { complete = !failed; });
  asio::steady_timer later{io, 300ms};
  later.async_wait(
    [&](boost::system::error_code) { asio::write(theirs, asio::buffer("ping", 4)); });
  CAF_CHECK(!send_file(file->get(), {0, 64 << 20}, 100ms));
  CAF_CHECK(complete);
}

CAF_TEST_FIXTURE_SCOPE_END()
