#define CAF_SUITE net_uploads_whole

#include "base/sha256.hpp"
#include "tests/net/support/http_fixture.hpp"

#include <random>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

std::string noise(std::size_t size) {
  std::mt19937 random{7};
  std::string bytes(size, '\0');
  for (auto& c : bytes)
    c = static_cast<char>(random());
  return bytes;
}

std::string hash_of(const std::string& bytes) {
  sha256 hash;
  hash.update(bytes);
  return std::move(hash).hex();
}

std::string in_chunks(const std::string& bytes, std::size_t size) {
  std::string out;
  char head[32];
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    const auto piece = bytes.substr(at, size);
    std::snprintf(head, sizeof head, "%zx;ext=1\r\n", piece.size());
    out += head + piece + "\r\n";
  }
  return out + "0\r\nTrailer: x\r\n\r\n";
}

struct fixture : http_fixture {
  /// Nothing of a refused upload may stay.
  bool left_nothing() {
    return staged() == 0 && listed() == 0;
  }
};

const std::string post = "POST /v1/files HTTP/1.1\r\nHost: a\r\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(uploads_tests, fixture)

CAF_TEST(a raw body becomes a file with its name and its hash) {
  start();
  const auto bytes = noise(300'000);
  const auto a = ask("POST", "/v1/files", bytes,
                     "Content-Disposition: attachment; filename*=UTF-8''s%C3%BC%C3%9F.bin\r\n");
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto record = json::parse(a.body);
  const auto id = record["id"].get<std::string>();
  CAF_CHECK_EQUAL(a.field("location"), "/v1/files/" + id);
  CAF_CHECK_EQUAL(a.field("mediad-progress-id"), id);
  CAF_CHECK_EQUAL(record["name"].get<std::string>(), "s\xC3\xBC\xC3\x9F.bin");
  CAF_CHECK_EQUAL(record["sha256"].get<std::string>(), hash_of(bytes));
  const bool same = stored_bytes(id) == bytes;
  CAF_CHECK(same);
}

CAF_TEST(bytes that the disk has damaged are replaced when they come again) {
  start();
  // In memory, and through staging.
  for (const std::size_t size : {5'000U, 3'000'000U}) {
    const auto bytes = noise(size);
    const auto first = upload("a", bytes)["id"].get<std::string>();
    const auto blob = root() / storage::blob_place(hash_of(bytes)).path();
    std::filesystem::permissions(blob, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    std::fstream{blob, std::ios::in | std::ios::out | std::ios::binary}.seekp(4'000).put('\x7f');
    const bool damaged = stored_bytes(first) != bytes;
    CAF_REQUIRE(damaged);
    const auto second = upload("b", bytes)["id"].get<std::string>();
    for (const auto& id : {first, second}) {
      const bool same = stored_bytes(id) == bytes;
      CAF_CHECK(same);
    }
  }
}

CAF_TEST(bodies of every size around the buffers arrive whole) {
  start();
  for (const std::size_t size : {1U, 16'383U, 16'384U, 16'385U, 65'536U, 65'537U, 262'143U,
                                 262'144U, 262'145U, 1'048'576U, 1'300'001U, 20'000'000U}) {
    const auto bytes = noise(size);
    const auto id = upload("a", bytes)["id"].get<std::string>();
    const bool same = stored_bytes(id) == bytes;
    if (!same)
      CAF_ERROR("differs: " << size);
  }
}

CAF_TEST(no bytes are a file if they have a name) {
  start();
  const auto declared = upload("empty", "");
  CAF_CHECK_EQUAL(declared["bytes"].get<int>(), 0);
  http_client c{server->address()};
  c.send(post + "Content-Disposition: attachment; filename=empty\r\n\r\n");
  const auto undeclared = c.read().status;
  CAF_CHECK_EQUAL(undeclared, 201);
}

CAF_TEST(a chunked body becomes the same file wherever it is cut) {
  start();
  const auto bytes = noise(70'000);
  for (const std::size_t size : {100U, 16'384U, 70'000U}) {
    http_client c{server->address()};
    c.send(post + "Transfer-Encoding: chunked\r\n\r\n");
    c.send(in_chunks(bytes, size));
    const auto a = c.read();
    CAF_REQUIRE_EQUAL(a.status, 201);
    const auto record = json::parse(a.body);
    CAF_CHECK_EQUAL(record["sha256"].get<std::string>(), hash_of(bytes));
    const auto next = c.ask("GET", "/livez").status;
    CAF_CHECK_EQUAL(next, 200);
  }
}

CAF_TEST(a client that waits is told to go on only if its upload would be taken) {
  options.max_file_bytes = 10;
  start();
  http_client fine{server->address()};
  fine.send(post + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  const auto invited = fine.read().status;
  CAF_CHECK_EQUAL(invited, 100);
  fine.send("abc");
  const auto taken = fine.read().status;
  CAF_CHECK_EQUAL(taken, 201);
  http_client large{server->address()};
  large.send(post + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  const auto refused = large.read().status;
  CAF_CHECK_EQUAL(refused, 413);
}

CAF_TEST(too large is refused before the body if declared and at the limit if not ) {
  options.max_file_bytes = 100'000;
  start();
  http_client declared{server->address()};
  declared.send(post + "Content-Length: 100001\r\n\r\n");
  const auto early = declared.read();
  CAF_CHECK_EQUAL(early.status, 413);
  CAF_CHECK_EQUAL(early.field("connection"), "close");
  http_client undeclared{server->address()};
  undeclared.send(post + "Transfer-Encoding: chunked\r\n\r\n");
  undeclared.send(in_chunks(noise(100'001), 9'000));
  const auto late = undeclared.read().status;
  CAF_CHECK_EQUAL(late, 413);
  CAF_CHECK(left_nothing());
  const auto largest = ask("POST", "/v1/files", noise(100'000)).status;
  CAF_CHECK_EQUAL(largest, 201);
}

CAF_TEST(a full backlog is 503 with a time to come back) {
  script->with([](auto& s) { s.refuse_admission = errc::busy; });
  start();
  http_client c{server->address()};
  c.send(post + "Content-Length: 5\r\n\r\n");
  const auto a = c.read();
  CAF_CHECK_EQUAL(a.status, 503);
  CAF_CHECK_EQUAL(a.field("retry-after"), "5");
  CAF_CHECK(left_nothing());
}

CAF_TEST(the backlog is asked for the user and hears whose each body is) {
  start();
  for (const std::size_t bytes : {5, 300'000}) { // in memory, and in staging
    const auto status = ask("POST", "/v1/files", noise(bytes)).status;
    CAF_CHECK_EQUAL(status, 201);
  }
  const std::vector<std::string> both{user, user};
  CAF_CHECK(script->with([&](auto& s) { return s.asked_for == both; }));
  CAF_CHECK(script->with([&](auto& s) { return s.bodies_of == both; }));
}

CAF_TEST(a disk with too little room is 507) {
  options.min_free_bytes = std::uint64_t{1} << 60U;
  start();
  const auto a = ask("POST", "/v1/files", "x").status;
  CAF_CHECK_EQUAL(a, 507);
  CAF_CHECK(left_nothing());
}

CAF_TEST(a body that is longer than the room above the reserve is 507) {
  const auto free = reader().free_bytes().value();
  options.max_file_bytes = std::uint64_t{1} << 60U;
  start();
  http_client c{server->address()};
  c.send(post + "Content-Length: " + std::to_string(free * 2) + "\r\n\r\n");
  const auto a = c.read().status;
  CAF_CHECK_EQUAL(a, 507);
}

CAF_TEST(a body that breaks off leaves nothing) {
  start();
  {
    http_client c{server->address()};
    c.send(post + "Content-Length: 10\r\n\r\nhalf");
    c.finish_sending();
    const auto told = c.read().status;
    CAF_CHECK_EQUAL(told, 400);
    CAF_CHECK(c.is_closed());
  }
  {
    http_client c{server->address()};
    c.send(post + "Transfer-Encoding: chunked\r\n\r\n5\r\nab");
    c.finish_sending();
    const auto told = c.read().status;
    CAF_CHECK_EQUAL(told, 400);
  }
  CAF_CHECK(left_nothing());
}

CAF_TEST(a malformed chunk is 400) {
  start();
  for (const auto* chunk : {"x\r\n\r\n", "5\r\nabcdefg\r\n", "-1\r\n", "ffffffffffffffffff\r\n"}) {
    http_client c{server->address()};
    c.send(post + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
    c.finish_sending();
    const auto a = c.read().status;
    CAF_CHECK_EQUAL(a, 400);
  }
  CAF_CHECK(left_nothing());
}

CAF_TEST(a body that stalls is 408 and leaves nothing) {
  options.body_timeout = 50ms;
  start();
  http_client c{server->address()};
  c.send(post + "Content-Length: 10\r\n\r\nhalf");
  const auto a = c.read().status;
  CAF_CHECK_EQUAL(a, 408);
  CAF_CHECK(c.is_closed());
  CAF_CHECK(left_nothing());
}

CAF_TEST(subscribers hear how far an upload is) {
  start();
  auto heard = std::make_shared<guarded<std::vector<live_event>>>();
  session_actor session =
    sys.spawn([heard](session_actor::pointer) -> session_actor::behavior_type {
      return {[](const event&) {},
              [heard](const live_event& e) {
                heard->with([&](auto& all) { all.push_back(e); });
              }};
    });
  caf::scoped_actor self{sys};
  event_filter filter;
  filter.user = user;
  self->request(notifier, 10s, caf::subscribe_atom_v, session, filter)
    .receive([](std::uint64_t) {}, [](const caf::error&) {});
  http_client c{server->address()};
  c.send(post + "Content-Length: 100000000\r\n\r\n");
  while (heard->with([](auto& all) { return all.empty(); }))
    c.send("x");
  const auto first = heard->with([](auto& all) { return all.front(); });
  CAF_CHECK_EQUAL(first.type, "upload.progress");
  const auto text = json::parse(first.text);
  CAF_CHECK_EQUAL(text["id"].get<std::string>(), first.file_id);
  CAF_CHECK_EQUAL(text["total"].get<int>(), 100'000'000);
  CAF_CHECK(text["bytes"].get<int>() > 0);
}

CAF_TEST(many uploads at once all arrive) {
  start();
  const auto bytes = noise(400'000);
  std::vector<std::unique_ptr<http_client>> clients;
  for (int i = 0; i < 40; ++i)
    clients.push_back(std::make_unique<http_client>(server->address()));
  for (auto& c : clients)
    c->send(post + "Content-Length: 400000\r\n\r\n" + bytes.substr(0, 100'000));
  for (auto& c : clients)
    c->send(bytes.substr(100'000));
  for (auto& c : clients) {
    const auto a = c->read();
    CAF_REQUIRE_EQUAL(a.status, 201);
    CAF_CHECK_EQUAL(json::parse(a.body)["sha256"].get<std::string>(), hash_of(bytes));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
