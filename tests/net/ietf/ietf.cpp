#define CAF_SUITE net_ietf

#include "tests/net/ietf/client.hpp"

#include <thread>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

const std::string hello = "hello world";
const std::string problems = "https://iana.org/assignments/http-problem-types#";

nlohmann::json json_of(const http_answer& a) {
  return nlohmann::json::parse(a.body);
}
std::string type_of(const http_answer& a) {
  return json_of(a)["type"];
}
std::string code_of(const http_answer& a) {
  return json_of(a)["code"];
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(ietf_tests, ietf_fixture)

CAF_TEST(an upload in two requests becomes a file) {
  start();
  const auto made = ask("POST", "/v1/files?name=beach.jpg", "hello ", incomplete + length(11));
  CAF_REQUIRE_EQUAL(made.status, 201);
  const auto place = made.field("location");
  CAF_CHECK_EQUAL(made.field("mediad-progress-id"), id_of(place));
  CAF_CHECK_EQUAL(made.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(made.field("upload-complete"), "?0");
  const auto done = append(place, 6, "world", complete);
  CAF_CHECK_EQUAL(done.status, 201);
  CAF_CHECK_EQUAL(done.field("upload-complete"), "?1");
  CAF_CHECK_EQUAL(done.field("link"), "<" + place + ">; rel=\"describedby\"");
  CAF_CHECK_EQUAL(json_of(done)["name"].get<std::string>(), "beach.jpg");
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(interop version 3 says it with Upload - Incomplete) {
  start();
  const std::string version = "Upload-Draft-Interop-Version: 3\r\nVia: 1.1 a\r\n";
  const auto made = ask("POST", "/v1/files", "hello ", version + "Upload-Incomplete: ?1\r\n");
  CAF_REQUIRE_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("upload-incomplete"), "?1");
  CAF_CHECK_EQUAL(made.fields.count("upload-complete"), 0U);
  CAF_CHECK_EQUAL(made.field("upload-draft-interop-version"), "3");
  const auto place = made.field("location");
  const auto known = ask("HEAD", place, "", version);
  CAF_CHECK_EQUAL(known.status, 204);
  CAF_CHECK_EQUAL(known.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(known.field("upload-incomplete"), "?1");
  const auto done =
    ask("PATCH", place, "world", version + at(6) + "Upload-Incomplete: ?0\r\n"); // of any type
  CAF_CHECK_EQUAL(done.status, 201);
  CAF_CHECK_EQUAL(done.field("upload-incomplete"), "?0");
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(versions before 3 and after 10 are refused) {
  start();
  const auto place = created(11);
  for (const auto* version : {"2", "11", "x", "-6", ""}) {
    const auto field = "Upload-Draft-Interop-Version: " + std::string{version} + "\r\n";
    CAF_CHECK_EQUAL(ask("POST", "/v1/files", "a", field + complete).status, 400);
    CAF_CHECK_EQUAL(append(place, 0, "a", field + incomplete).status, 400);
    CAF_CHECK_EQUAL(ask("HEAD", place, "", field).status, 400);
  }
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST(a newer append takes over within two seconds and no byte is lost) {
  options.save_interval = 100ms;
  start();
  const auto place = created(11);
  http_client slow{server->address()};
  hang(slow, place, 11, "hell");
  const auto asked = std::chrono::steady_clock::now();
  // It does not know how far the first came: it is told, and the first one is over.
  const auto told = append(place, 0, hello, complete);
  CAF_CHECK(std::chrono::steady_clock::now() - asked < 2s);
  const auto first = slow.read();
  CAF_CHECK_EQUAL(first.status, 409);
  CAF_CHECK_EQUAL(code_of(first), "taken_over");
  const auto known = first.field("upload-offset");
  if (known == "0")
    CAF_CHECK_EQUAL(told.status, 201); // the first four bytes had not been read when it came
  else {
    CAF_CHECK_EQUAL(told.status, 409);
    CAF_CHECK_EQUAL(told.field("upload-offset"), known);
    const auto left = std::stoul(known);
    CAF_CHECK_EQUAL(append(place, left, hello.substr(left), complete).status, 201);
  }
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(bytes become durable while an append runs and outlive its end) {
  options.save_interval = 100ms;
  start();
  const auto place = created(1'000'000);
  const std::string bytes(1'000'000, 'x');
  http_client slow{server->address()};
  hang(slow, place, bytes.size(), "");
  // A read after the interval saves what came before it.
  std::size_t sent = 0;
  for (; sent < 10'000 && durable(place) == 0; ++sent) {
    slow.send("x");
    std::this_thread::sleep_for(1ms); // a pace: the interval is the wall clock's
  }
  const auto saved = durable(place);
  CAF_CHECK(saved > 0);
  const auto told = append(place, 0, bytes, complete);
  CAF_CHECK_EQUAL(told.status, 409);
  CAF_CHECK(std::stoul(told.field("upload-offset")) >= saved);
  CAF_CHECK_EQUAL(slow.read().field("upload-offset"), told.field("upload-offset"));
  const auto from = std::stoul(told.field("upload-offset"));
  CAF_CHECK_EQUAL(append(place, from, bytes.substr(from), complete).status, 201);
  CAF_CHECK(bytes_at(place) == bytes);
}

CAF_TEST(an append whose connection breaks keeps its bytes) {
  start();
  const auto place = created(11);
  {
    http_client c{server->address()};
    hang(c, place, 11, "hello ");
    c.finish_sending();
    c.read(); // it has seen the end
  }
  CAF_CHECK_EQUAL(durable(place), 6U);
  CAF_CHECK_EQUAL(append(place, 6, "world", complete).status, 201);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(an append that falls silent is ended and keeps its bytes) {
  options.body_timeout = 200ms;
  start();
  const auto place = created(11);
  http_client c{server->address()};
  hang(c, place, 11, "hello ");
  const auto ended = c.read();
  CAF_CHECK_EQUAL(ended.status, 408);
  CAF_CHECK_EQUAL(ended.field("upload-offset"), "6");
  CAF_CHECK_EQUAL(ended.field("upload-complete"), "?0");
  CAF_CHECK(c.is_closed());
  CAF_CHECK_EQUAL(append(place, 6, "world", complete).status, 201);
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(GET of a running upload disturbs nobody and HEAD ends its append) {
  options.take_over_patience = 2s;
  start();
  const auto place = created(11);
  http_client c{server->address()};
  hang(c, place, 11, "hello ");
  const auto record = ask("GET", place);
  CAF_CHECK_EQUAL(record.status, 200);
  CAF_CHECK_EQUAL(json_of(record)["status"].get<std::string>(), "receiving");
  CAF_CHECK(!c.has_answer());
  const auto asked = std::chrono::steady_clock::now();
  const auto known = ask("HEAD", place);
  CAF_CHECK(std::chrono::steady_clock::now() - asked < 2s);
  CAF_CHECK_EQUAL(known.status, 204);
  CAF_CHECK_EQUAL(known.field("cache-control"), "no-store");
  CAF_CHECK_EQUAL(c.read().field("upload-offset"), known.field("upload-offset"));
}

CAF_TEST(DELETE ends a running append and nothing is left) {
  start();
  const auto place = created(11);
  http_client c{server->address()};
  hang(c, place, 11, "hello ");
  CAF_CHECK_EQUAL(ask("DELETE", place, "", draft).status, 204);
  CAF_CHECK_EQUAL(c.read().status, 409);
  CAF_CHECK_EQUAL(ask("HEAD", place).status, 404);
  CAF_CHECK_EQUAL(append(place, 6, "world").status, 404);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(Upload-Limit says what is accepted and for how long) {
  options.max_file_bytes = 100;
  options.upload_expiry = 60s;
  start();
  CAF_CHECK_EQUAL(ask("OPTIONS", "/v1/files").field("upload-limit"), "max-size=100, min-size=0");
  const auto place = created(11);
  const auto limit = ask("HEAD", place).field("upload-limit");
  CAF_CHECK(limit == "max-size=100, min-size=0, max-age=60"
            || limit == "max-size=100, min-size=0, max-age=59");
  const auto large = ask("POST", "/v1/files", "", incomplete + length(101));
  CAF_CHECK_EQUAL(large.status, 413);
  CAF_CHECK_EQUAL(large.field("upload-limit"), "max-size=100, min-size=0");
  CAF_CHECK_EQUAL(ask("POST", "/v1/files", std::string(101, 'x'), complete).status, 413);
  CAF_CHECK_EQUAL(listed(), 1U);
}

CAF_TEST(another offset is a problem that names both) {
  start();
  const auto place = created(11);
  append(place, 0, "hello ");
  for (const auto wrong : {0U, 5U, 7U, 100U}) {
    const auto a = append(place, wrong, "world", complete);
    CAF_CHECK_EQUAL(a.status, 409);
    CAF_CHECK_EQUAL(a.field("content-type"), "application/problem+json");
    CAF_CHECK_EQUAL(a.field("upload-offset"), "6");
    CAF_CHECK_EQUAL(type_of(a), problems + "mismatching-upload-offset");
    CAF_CHECK_EQUAL(json_of(a)["expected-offset"].get<unsigned>(), 6U);
    CAF_CHECK_EQUAL(json_of(a)["provided-offset"].get<unsigned>(), wrong);
  }
  CAF_CHECK_EQUAL(append(place, 6, "world", complete).status, 201);
}

CAF_TEST(another length is a problem and spoils nothing) {
  start();
  const auto place = created(11);
  append(place, 0, "hello ");
  const auto check = [&](const std::string& body, const std::string& fields) {
    const auto a = append(place, 6, body, fields);
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK_EQUAL(type_of(a), problems + "inconsistent-upload-length");
  };
  check("world", incomplete + length(12));
  check("worl", complete);
  check("world!", complete);
  check("world!", incomplete);
  CAF_CHECK_EQUAL(offset(place), "6");
  CAF_CHECK_EQUAL(append(place, 6, "world", complete).status, 201);
}

CAF_TEST(more bytes than were announced end an upload) {
  start();
  const auto place = created(5);
  http_client c{server->address()};
  c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + part + at(0) + incomplete
         + "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n");
  const auto a = c.read();
  CAF_CHECK_EQUAL(a.status, 400);
  CAF_CHECK_EQUAL(type_of(a), problems + "inconsistent-upload-length");
  CAF_CHECK_EQUAL(ask("HEAD", place).status, 404);
}

CAF_TEST(an append that completed is answered again and a new one is not ) {
  start();
  const auto place = created(11);
  append(place, 0, "hello ");
  const auto first = append(place, 6, "world", complete);
  for (const auto& again : {append(place, 6, "world", complete), append(place, 11, "", complete)}) {
    CAF_CHECK_EQUAL(again.status, 201);
    const auto record = json_of(again);
    const auto first_record = json_of(first);
    CAF_CHECK_EQUAL(record["id"], first_record["id"]);
    CAF_CHECK_EQUAL(again.field("upload-offset"), "11");
    CAF_CHECK_EQUAL(again.field("repr-digest"), first.field("repr-digest"));
  }
  for (const auto& other : {append(place, 11, "!", complete), append(place, 6, "world", incomplete),
                            append(place, 6, "worl", complete)}) {
    CAF_CHECK_EQUAL(other.status, 400);
    CAF_CHECK_EQUAL(type_of(other), problems + "completed-upload");
  }
  CAF_CHECK_EQUAL(bytes_at(place), hello);
}

CAF_TEST(a request that lacks what it needs is refused) {
  start();
  const auto place = created(11);
  CAF_CHECK_EQUAL(ask("PATCH", place, "a", part + incomplete).status, 400);
  CAF_CHECK_EQUAL(ask("PATCH", place, "a", part + at(0)).status, 400);
  CAF_CHECK_EQUAL(ask("PATCH", place, "a", part + "Upload-Offset: -1\r\n" + incomplete).status,
                  400);
  const auto type = ask("PATCH", place, "a", at(0) + incomplete);
  CAF_CHECK_EQUAL(type.status, 415);
  CAF_CHECK_EQUAL(type.field("accept-patch"), "application/partial-upload");
  CAF_CHECK_EQUAL(append("/v1/files/01JD0000000000000000000001", 0, "a").status, 404);
  CAF_CHECK_EQUAL(offset(place), "0");
}

CAF_TEST_FIXTURE_SCOPE_END()
