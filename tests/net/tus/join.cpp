#define CAF_SUITE net_tus_join

#include "tests/net/tus/client.hpp"

#include <fcntl.h>
#include <filesystem>
#include <future>
#include <sys/stat.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct fixture : tus_fixture {
  std::string part(const std::string& bytes) {
    return create("Upload-Concat: partial\r\nUpload-Length: " + std::to_string(bytes.size())
                    + "\r\n",
                  bytes)
      .field("location");
  }
  /// A final upload that no request joins: what a server leaves that ends meanwhile.
  result<storage::applied> leave_final(const std::string& place, std::uint64_t bytes,
                                       unix_ms expires_at = now_ms() + 3'600'000) {
    storage::new_upload wanted{user, "joined.bin"};
    wanted.resumable = true;
    wanted.length = bytes;
    wanted.terms.concat = "final;" + place;
    wanted.terms.parts = {id_of(place)};
    wanted.terms.expires_at = expires_at;
    return apply(wanted);
  }
  std::filesystem::path staging(const std::string& place) {
    return reader().staging_path(id_of(place));
  }
  /// A thread that reads a part's bytes waits from now on, until release() is called.
  void block(const std::string& place) {
    std::filesystem::remove(staging(place));
    CAF_REQUIRE_EQUAL(::mkfifo(staging(place).c_str(), 0600), 0);
  }
  void release(const std::string& place) {
    const auto writer = open_file(staging(place), O_WRONLY); // meets the reader
    CAF_CHECK(writer);
  }
  /// As the sweeper has it done, again and again.
  void sweep_for(std::chrono::milliseconds time) {
    const auto until = now_ms() + time.count();
    while (now_ms() < until) {
      caf::anon_send(owner, storage::change{storage::sweep{}});
      staged(); // the owner has done it
    }
  }
  http_answer remove(const std::string& place, const std::string& fields = tus) {
    return ask("DELETE", place, "", fields);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tus_join_tests, fixture)

CAF_TEST(a join that does not let go is 423 for who wants to delete it) {
  options.take_over_patience = 100ms;
  start();
  const auto first = part("hello");
  stop();
  const auto place = "/v1/files/" + leave_final(first, 5).value().record.id;
  block(first);
  start();                        // joins in the background
  const auto asked = head(place); // which waits for no join
  CAF_CHECK_EQUAL(asked.status, 200);
  CAF_CHECK_EQUAL(asked.fields.count("upload-offset"), 0U);
  for (const auto& fields : {tus, std::string{}}) {
    const auto began = std::chrono::steady_clock::now();
    const auto a = remove(place, fields);
    CAF_CHECK(std::chrono::steady_clock::now() - began >= options.take_over_patience);
    CAF_CHECK_EQUAL(a.status, 423);
    CAF_CHECK_EQUAL(nlohmann::json::parse(a.body)["code"].get<std::string>(), "locked");
  }
  CAF_CHECK_EQUAL(append(place, 0, "x").status, 403);
  release(first);
}

CAF_TEST(DELETE ends a join in the background and nothing is left of it) {
  options.take_over_patience = 10s;
  start();
  const auto first = part("hello");
  stop();
  const auto place = "/v1/files/" + leave_final(first, 5).value().record.id;
  block(first);
  start();
  auto asked = std::async(std::launch::async, [&] { return remove(place); });
  // The join waits for a writer, unless the DELETE came first and there is none.
  while (asked.wait_for(10ms) == std::future_status::timeout)
    static_cast<void>(open_file(staging(first), O_WRONLY | O_NONBLOCK));
  CAF_CHECK_EQUAL(asked.get().status, 204);
  CAF_CHECK_EQUAL(head(place).status, 404);
  CAF_CHECK_EQUAL(remove(first).status, 204);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a join that failed for once is tried again without a restart) {
  start();
  const auto first = part("hello");
  stop();
  const auto id = leave_final(first, 5).value().record.id;
  const auto whole = reader().staging_path(id);
  std::filesystem::remove(whole);
  std::filesystem::create_directory(whole); // nothing can be written there
  start();
  CAF_CHECK_EQUAL(head("/v1/files/" + id).status, 200);
  std::filesystem::remove(whole);
  scene::write(whole, "");
  const auto told = nlohmann::json::parse(ask("GET", "/v1/files/" + id + "?wait=10").body);
  CAF_CHECK_EQUAL(told["status"], "registered");
  CAF_CHECK_EQUAL(stored_bytes(id), "hello");
}

CAF_TEST(parts do not expire before what they are put together to) {
  options.upload_expiry = 0ms; // they have expired at once
  start();
  const auto first = part("hello");
  stop();
  const auto id = leave_final(first, 5).value().record.id;
  apply(storage::sweep{}).value();
  CAF_CHECK(reader().find_upload(id_of(first)));
  options.upload_expiry = 1h;
  start();
  const auto told = nlohmann::json::parse(ask("GET", "/v1/files/" + id + "?wait=10").body);
  CAF_CHECK_EQUAL(told["status"], "registered");
  CAF_CHECK_EQUAL(stored_bytes(id), "hello");
}

CAF_TEST(nothing is put together from a part that is gone) {
  start();
  const auto first = part("hello");
  remove(first);
  CAF_CHECK(code_of(leave_final(first, 5)) == errc::not_found);
}

CAF_TEST(an append that runs outlives the expiry of its upload) {
  options.upload_expiry = 300ms;
  start();
  const auto place = created(11);
  http_client c{server->address()};
  // Its bytes are kept only once they have proved right: none is durable meanwhile.
  c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream
         + "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\nUpload-Offset: 0\r\n"
           "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  CAF_REQUIRE_EQUAL(c.read().status, 100);
  c.send("hello ");
  sweep_for(700ms);
  c.send("world");
  CAF_CHECK_EQUAL(c.read().status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), "hello world");
}

CAF_TEST_FIXTURE_SCOPE_END()
