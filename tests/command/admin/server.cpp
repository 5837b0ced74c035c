#define CAF_SUITE command_admin_server

#include "command/admin/server.hpp"

#include "base/file.hpp"
#include "command/admin/ask.hpp"
#include "command/admin/local_socket.hpp"
#include "tests/temp_root.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::command;
using namespace std::chrono_literals;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::temp_root {
  fs::path root = path / "root";
  admin_options options;
  admin_handlers handlers;
  std::optional<admin_server> server;
  int asked = 0;

  fixture() {
    handlers["double"] = [this](const json& request) {
      ++asked;
      const auto twice = 2 * request.at("number").get<int>();
      return result<json>{boost::system::in_place_value, twice};
    };
    handlers["refuse"] = [](const json&) -> result<json> {
      return fail(errc::busy, "not now");
    };
    handlers["flood"] = [](const json&) {
      return result<json>{boost::system::in_place_value, std::string(8U << 20U, 'x')};
    };
  }

  void start() {
    server.reset();
    fs::create_directories(root / "system");
    options.file = admin_socket_of(root);
    auto started = admin_server::start(options, handlers);
    CAF_REQUIRE(started);
    server.emplace(std::move(*started));
  }

  /// What comes of it: the answer, or the code of the error.
  std::string ask(const json& request) const {
    const auto answer = ask_server(root, request);
    return answer ? answer->dump() : to_string(answer.error().code);
  }

  unique_fd connect() const {
    auto socket = connect_to(admin_socket_of(root));
    CAF_REQUIRE(socket);
    return std::move(*socket);
  }

  /// What the server says to @p text until it ends the connection.
  std::string say(const std::string& text) const {
    const auto socket = connect();
    static_cast<void>(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL));
    std::string said;
    char piece[4096];
    for (ssize_t got = 0; (got = ::recv(socket.get(), piece, sizeof piece, 0)) > 0;)
      said.append(piece, static_cast<std::size_t>(got));
    return said;
  }

  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
};

const json double_21{{"do", "double"}, {"number", 21}};

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_tests, fixture)

CAF_TEST(a command is answered and so is the next) {
  start();
  CAF_CHECK_EQUAL(ask(double_21), "42");
  CAF_CHECK_EQUAL(ask(double_21), "42");
  CAF_CHECK_EQUAL(ask({{"do", "refuse"}}), "busy");
}

CAF_TEST(what is no command is refused and says why) {
  start();
  CAF_CHECK(has(say("status\n"), "bad_request"));
  CAF_CHECK(has(say("[]\n"), "bad_request"));
  CAF_CHECK(has(say("{\"do\":1}\n"), "bad_request"));
  CAF_CHECK(has(say("\n"), "bad_request"));
  CAF_CHECK_EQUAL(ask({{"do", "explode"}}), "not_found");
  CAF_CHECK_EQUAL(ask({{"do", "double"}}), "internal"); // has no number
  CAF_CHECK_EQUAL(ask(double_21), "42");
}

CAF_TEST(only the owner can open the socket from its first moment on) {
  const auto before = ::umask(0);
  start();
  ::umask(before);
  struct stat about {};
  CAF_REQUIRE_EQUAL(::stat(options.file.c_str(), &about), 0);
  CAF_CHECK_EQUAL(about.st_mode & 07777U, 0600u);
  CAF_CHECK_EQUAL(about.st_uid, ::geteuid());
}

CAF_TEST(a user who may not ask is refused before anything is done) {
  uid_t seen = 12345;
  options.may_ask = [&seen](uid_t peer) {
    seen = peer;
    return false;
  };
  start();
  CAF_CHECK(has(say(double_21.dump() + '\n'), "forbidden"));
  CAF_CHECK_EQUAL(ask(double_21), "conflict");
  CAF_CHECK_EQUAL(asked, 0);
  CAF_CHECK_EQUAL(seen, ::geteuid());
}

CAF_TEST(root and the user of this process may ask and others may not ) {
  CAF_CHECK(is_own_or_root(0));
  CAF_CHECK(is_own_or_root(::geteuid()));
  CAF_CHECK(!is_own_or_root(::geteuid() + 1));
}

CAF_TEST(the socket of a killed server is replaced and anything else is not ) {
  fs::create_directories(root / "system");
  const auto file = admin_socket_of(root);
  { const auto dead = listen_at(file, 1); } // closed and left behind, as by kill -9
  CAF_REQUIRE(fs::is_socket(file));
  CAF_CHECK_EQUAL(ask(double_21), "not_found");
  start();
  CAF_CHECK_EQUAL(ask(double_21), "42");
  server.reset();
  CAF_CHECK(!fs::exists(file));
  CAF_CHECK_EQUAL(ask(double_21), "not_found");
  std::ofstream{file} << "somebody's";
  const auto refused = listen_at(file, 1);
  CAF_REQUIRE(!refused);
  CAF_CHECK(has(refused.error().detail, file.string()));
  CAF_CHECK(fs::is_regular_file(file));
}

CAF_TEST(a data folder may lie deeper than the name of a socket is long) {
  for (const std::size_t length : {sizeof(sockaddr_un::sun_path) - 1, sizeof(sockaddr_un::sun_path),
                                   std::size_t{200}, std::size_t{1'000}}) {
    root = path;
    for (;;) {
      const auto missing = length - admin_socket_of(root).string().size();
      if (missing == 0)
        break;
      root /= std::string(missing > 200 ? 100 : missing - 1, 'd');
    }
    CAF_REQUIRE_EQUAL(admin_socket_of(root).string().size(), length);
    start();
    CAF_CHECK(fs::is_socket(admin_socket_of(root)));
    CAF_CHECK_EQUAL(ask(double_21), "42");
    server.reset();
    CAF_CHECK(!fs::exists(admin_socket_of(root)));
  }
}

CAF_TEST(a request that is too long is refused before it is whole) {
  options.max_request_bytes = 100;
  start();
  CAF_CHECK(has(say(std::string(100, ' ')), "too_large"));
  CAF_CHECK(has(say(std::string(99, ' ') + '\n'), "bad_request"));
}

CAF_TEST(a connection that says nothing is ended) {
  options.patience = 50ms;
  start();
  const auto began = std::chrono::steady_clock::now();
  CAF_CHECK_EQUAL(say(""), "");
  CAF_CHECK_EQUAL(say("{\"do\":"), "");
  CAF_CHECK(std::chrono::steady_clock::now() - began < 4s); // the client's own limit is 5 s
}

CAF_TEST(connections beyond the limit wait and none holds up another) {
  options.max_connections = 2;
  options.patience = 300ms;
  start();
  const auto one = connect();
  CAF_CHECK_EQUAL(ask(double_21), "42");
  const auto two = connect();
  CAF_CHECK_EQUAL(ask(double_21), "42"); // once the silent ones have had their time
}

CAF_TEST(a client that does not read its answer holds up nobody) {
  start();
  const auto lazy = connect();
  const std::string request = "{\"do\":\"flood\"}\n";
  CAF_REQUIRE_EQUAL(::send(lazy.get(), request.data(), request.size(), 0),
                    static_cast<ssize_t>(request.size()));
  CAF_CHECK_EQUAL(ask(double_21), "42");
  CAF_CHECK_EQUAL(ask({{"do", "flood"}}).size(), (8U << 20U) + 2);
}

CAF_TEST_FIXTURE_SCOPE_END()
