#define CAF_SUITE net_io_listening

#include "net/io/listening.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <cstring>
#include <fstream>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace mediad;
using namespace mediad::net;

namespace fs = std::filesystem;

namespace {

struct fixture {
  tests::temp_root dir;
  fs::path file = dir.path / "http.sock";

  result<listener> open(mode_t mode = 0660) const {
    return listener::open({{}, file}, spoken::plain, true, mode);
  }

  bool connects() const {
    const unique_fd asking{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strcpy(name.sun_path, file.c_str());
    return ::connect(asking.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(listening_tests, fixture)

CAF_TEST(an address is read and written the same way) {
  for (const std::string text : {"127.0.0.1:8080", "[::1]:0", "0.0.0.0:443", "unix:/run/a.sock"}) {
    const auto read = parse_listen(text);
    CAF_REQUIRE(read);
    CAF_CHECK_EQUAL(to_string(*read), text);
  }
}

CAF_TEST(what is no address is refused) {
  for (const std::string text : {"", "localhost:80", "127.0.0.1", "127.0.0.1:65536",
                                 "unix:", "unix:relative.sock", "/run/a.sock"})
    CAF_CHECK(!parse_listen(text));
}

CAF_TEST(the file has its mode and goes with its listener) {
  for (const mode_t mode : {0600U, 0666U}) {
    {
      const auto made = open(mode);
      CAF_REQUIRE(made);
      CAF_CHECK(connects());
      const auto has = static_cast<mode_t>(fs::status(file).permissions());
      CAF_CHECK_EQUAL(has, mode);
    }
    CAF_CHECK(!fs::exists(file));
  }
}

CAF_TEST(a file that a killed server left is replaced) {
  {
    auto made = open();
    CAF_REQUIRE(made);
    fs::rename(file, dir.path / "kept");
  }
  fs::rename(dir.path / "kept", file);
  CAF_CHECK(!connects());
  const auto again = open();
  CAF_CHECK(again.has_value());
  CAF_CHECK(connects());
}

CAF_TEST(a server that runs keeps its file and so does what is no socket) {
  const auto made = open();
  const auto second = open();
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().detail.find("another server listens there") != std::string::npos);
  CAF_CHECK(connects());
  file = dir.path / "text";
  std::ofstream{file} << "text";
  CAF_CHECK(!open());
  CAF_CHECK(fs::exists(file));
}

CAF_TEST(the file of a later server is left alone) {
  std::optional<listener> second;
  {
    auto first = open();
    fs::remove(file);
    second.emplace(std::move(open().value()));
  }
  CAF_CHECK(connects());
}

CAF_TEST(a second listener of another thread shares the address) {
  auto first = open();
  const auto second = first->again();
  CAF_REQUIRE(second);
  CAF_CHECK(connects());
  const auto one = listener::open(*parse_listen("127.0.0.1:0"), spoken::plain, true, 0);
  CAF_REQUIRE(one);
  CAF_CHECK(one->where().tcp.port() != 0);
  CAF_CHECK(one->again().has_value());
  CAF_CHECK(!listener::open(one->where(), spoken::plain, true, 0));
}

CAF_TEST(a path that is too long for a socket is refused) {
  file = dir.path / std::string(200, 'a');
  const auto made = open();
  CAF_REQUIRE(!made);
  CAF_CHECK(made.error().detail.find("too long") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
