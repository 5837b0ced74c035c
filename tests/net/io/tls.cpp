#define CAF_SUITE net_io_tls

#include "base/file.hpp"
#include "net/io/outflow.hpp"
#include "tests/net/io/tls_fixture.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <caf/test/unit_test.hpp>

#include <array>
#include <fcntl.h>
#include <fstream>
#include <sys/socket.h>
#include <utility>
#include <vector>

using namespace mediad;
using namespace mediad::net;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using tests::as_result;
using tests::tls_client;

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_tests, tests::tls_fixture)

CAF_TEST(a certificate is told with its names and its end) {
  const tests::certificate made{dir.path, "media.test", 3'600};
  const auto facts = identity.load(made.file, made.key);
  CAF_REQUIRE(facts);
  CAF_CHECK_EQUAL(facts->names, "media.test");
  CAF_CHECK(facts->ends_at > now_ms() + 3'500'000);
  CAF_CHECK(facts->ends_at < now_ms() + 3'700'000);
}

CAF_TEST(what cannot be used is refused with a sentence and leaves what was there) {
  const auto good = use("one.test");
  const tests::certificate other{dir.path, "two.test"};
  const auto broken = dir.path / "broken.pem";
  std::ofstream{broken} << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const std::vector<std::pair<std::filesystem::path, std::filesystem::path>> useless{
    {dir.path / "none.pem", good.key},
    {broken, good.key},
    {good.file, other.key},
    {good.file, dir.path / "none.key"}};
  for (const auto& [shown, key] : useless) {
    const auto why = why_refused(shown, key);
    CAF_CHECK(why.find(shown.string()) != std::string::npos);
    CAF_CHECK(why.find("error:") == std::string::npos);
  }
  auto [ours, theirs] = connection();
  tls_client asks{theirs};
  std::string name;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      const auto [problem, nothing] = co_await ours.async_handshake(as_result);
      CAF_CHECK(!problem);
    },
    [&] {
      if (asks.connect())
        name = asks.name();
    });
  CAF_CHECK_EQUAL(name, "one.test");
}

CAF_TEST(a key that others may read is told) {
  const tests::certificate made{dir.path, "media.test"};
  CAF_CHECK_EQUAL(find_open_key(made.key), "");
  std::filesystem::permissions(made.key, std::filesystem::perms{0640});
  CAF_CHECK_EQUAL(find_open_key(made.key), "");
  std::filesystem::permissions(made.key, std::filesystem::perms{0644});
  CAF_CHECK(find_open_key(made.key).find("chmod o=") != std::string::npos);
}

CAF_TEST(bytes go both ways and a connection keeps the certificate that it began with) {
  use("one.test");
  auto [ours, theirs] = connection();
  tls_client asks{theirs};
  std::string heard;
  std::string answer;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      const auto [problem, nothing] = co_await ours.async_handshake(as_result);
      CAF_REQUIRE(!problem);
      use("two.test");
      std::array<char, 64> into{};
      while (heard.size() < 5) {
        const auto space = asio::buffer(into);
        const auto [lost, n] = co_await ours.async_read_some(space, as_result);
        CAF_REQUIRE(!lost);
        heard.append(into.data(), n);
      }
      const std::string head = "head ";
      const std::string body(100'000, 'b');
      const std::array<asio::const_buffer, 2> all{asio::buffer(head), asio::buffer(body)};
      const auto [failed, sent] = co_await asio::async_write(ours, all, as_result);
      CAF_CHECK(!failed);
      CAF_CHECK_EQUAL(sent, 100'005u);
      ours.finish_sending();
    },
    [&] {
      if (!asks.connect())
        return;
      SSL_write(asks.ssl.get(), "hello", 5);
      answer = asks.read(200'000);
    });
  CAF_CHECK_EQUAL(heard, "hello");
  CAF_CHECK_EQUAL(answer, "head " + std::string(100'000, 'b'));
  CAF_CHECK_EQUAL(asks.name(), "one.test");
}

CAF_TEST(a piece of a file arrives as it is) {
  use("one.test");
  std::string bytes;
  for (int i = 0; bytes.size() < (3U << 20U); ++i)
    bytes += std::to_string(i) + ' ';
  std::ofstream{dir.path / "file"} << bytes;
  const auto file = open_file(dir.path / "file", O_RDONLY);
  CAF_REQUIRE(file);
  auto [ours, theirs] = connection();
  tls_client asks{theirs};
  std::string got;
  bool sent = false;
  bool sent_beyond = true;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      co_await ours.async_handshake(as_result);
      outflow out{ours, 5s};
      const fields::byte_range piece{7, bytes.size() - 7};
      sent = co_await out.send("head ", true) && co_await out.send_file(file->get(), piece);
      const fields::byte_range beyond{bytes.size(), 1};
      sent_beyond = co_await out.send_file(file->get(), beyond);
      ours.finish_sending();
    },
    [&] {
      if (asks.connect())
        got = asks.read(bytes.size() * 2);
    });
  CAF_CHECK(sent);
  CAF_CHECK(!sent_beyond);
  CAF_CHECK(got == "head " + bytes.substr(7));
}

CAF_TEST(a client that takes nothing is given up after the time limit) {
  use("one.test");
  std::ofstream{dir.path / "file"}.close();
  std::filesystem::resize_file(dir.path / "file", 16 << 20);
  const auto file = open_file(dir.path / "file", O_RDONLY);
  auto [ours, theirs] = connection();
  tls_client asks{theirs};
  bool sent = true;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      co_await ours.async_handshake(as_result);
      outflow out{ours, 100ms};
      const fields::byte_range all{0, 16 << 20};
      sent = co_await out.send_file(file->get(), all);
    },
    [&] { asks.connect(); });
  CAF_CHECK(!sent);
}

CAF_TEST(a handshake that does not come is given up after the time limit) {
  use("one.test");
  auto [ours, theirs] = connection();
  const tls_client silent{theirs};
  boost::system::error_code how;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      ours.expires_after(100ms);
      const auto [problem, nothing] = co_await ours.async_handshake(as_result);
      how = problem;
    },
    [] {});
  CAF_CHECK(how == boost::beast::error::timeout);
}

CAF_TEST(what is no TLS ends the connection) {
  use("one.test");
  auto [ours, theirs] = connection();
  const tls_client plain{theirs};
  boost::system::error_code how;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      const auto [problem, nothing] = co_await ours.async_handshake(as_result);
      how = problem;
      CAF_CHECK(ours.has_left());
    },
    [fd = theirs] { ::send(fd, "GET / HTTP/1.1\r\n\r\n", 18, 0); });
  CAF_CHECK(how);
}

CAF_TEST(nothing older than TLS 1.2 and no cipher without forward secrecy is spoken) {
  use("one.test");
  const auto connects = [&](int version, const char* ciphers) {
    auto [ours, theirs] = connection();
    tls_client asks{theirs};
    SSL_CTX_set_security_level(asks.context.get(), 0);
    SSL_CTX_set_min_proto_version(asks.context.get(), version);
    SSL_CTX_set_max_proto_version(asks.context.get(), version);
    SSL_CTX_set_cipher_list(asks.context.get(), ciphers);
    return get_through(ours, asks);
  };
  CAF_CHECK(!connects(TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
  CAF_CHECK(connects(TLS1_2_VERSION, "ALL"));
  CAF_CHECK(!connects(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256"));
  CAF_CHECK(connects(TLS1_3_VERSION, "ALL"));
}

CAF_TEST(a client that offers other protocols alone is refused) {
  use("one.test");
  const auto connects = [&](const std::string& offered) {
    auto [ours, theirs] = connection();
    tls_client asks{theirs};
    SSL_CTX_set_alpn_protos(asks.context.get(),
                            reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    return get_through(ours, asks);
  };
  CAF_CHECK(connects("\x02h2\x08http/1.1"));
  CAF_CHECK(!connects("\x03"
                      "ftp"));
}

CAF_TEST(that the client has left is seen without reading) {
  use("one.test");
  auto [ours, theirs] = connection();
  tls_client asks{theirs};
  bool before = true;
  bool after = false;
  run(
    [&, &ours = ours]() -> asio::awaitable<void> {
      co_await ours.async_handshake(as_result);
      before = ours.has_left();
      const std::string go = "go";
      const auto bytes = asio::buffer(go);
      co_await asio::async_write(ours, bytes, as_result);
      while (!ours.has_left()) {
        const auto [stopped] =
          co_await ours.socket().async_wait(asio::socket_base::wait_read, as_result);
        CAF_REQUIRE(!stopped);
      }
      after = true;
    },
    [&] {
      asks.connect();
      asks.read(2);
      SSL_shutdown(asks.ssl.get());
    });
  CAF_CHECK(!before);
  CAF_CHECK(after);
}

CAF_TEST_FIXTURE_SCOPE_END()
