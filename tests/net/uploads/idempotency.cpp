#define CAF_SUITE net_uploads_idempotency

#include "tests/net/ietf/client.hpp"

#include <future>
#include <set>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : ietf_fixture {
  static std::string key(const std::string& value) {
    return "Idempotency-Key: " + value + "\r\n";
  }
  http_answer post(const std::string& body, const std::string& fields) {
    return ask("POST", "/v1/files?name=a.bin", body, fields);
  }
  http_answer post_form(const std::vector<std::pair<std::string, std::string>>& files,
                        const std::string& fields, const std::string& boundary = "xyz") {
    return ask("POST", "/v1/files", form_of(files, boundary),
               "Content-Type: multipart/form-data; boundary=" + boundary + "\r\n" + fields);
  }
  static std::string id_in(const http_answer& a) {
    return json::parse(a.body)["id"];
  }
  static std::string code_of(const http_answer& a) {
    return json::parse(a.body)["code"];
  }
  /// Programs of one user, known by their `User-Agent`, all of which may only upload.
  void serve_programs() {
    who_asks = [this](const net::http::request_header<>& head) -> result<net::caller> {
      net::caller who{user, net::rights{net::right::upload}, net::known_by::token};
      const auto name = head["User-Agent"];
      who.credential.assign(name.data(), name.size());
      return who;
    };
    start();
  }
  /// A request whose body never ends, once the server has taken its key.
  void hang_post(http_client& c, const std::string& fields) {
    c.send("POST /v1/files?name=a.bin HTTP/1.1\r\nHost: a\r\n" + fields
           + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    if (const auto a = c.read(); a.status != 100)
      throw std::runtime_error{"post: " + std::to_string(a.status) + ' ' + a.body};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(idempotency_tests, fixture)

CAF_TEST(a repeated raw body gets the first answer and makes no second file) {
  start();
  const auto first = post("hello", key("\"k\""));
  CAF_REQUIRE_EQUAL(first.status, 201);
  for (const auto& same : {key("\"k\""), key("k")}) {
    const auto again = post("hello", same);
    CAF_CHECK_EQUAL(again.status, 201);
    CAF_CHECK_EQUAL(again.body, first.body);
    CAF_CHECK_EQUAL(again.field("location"), first.field("location"));
  }
  CAF_CHECK_EQUAL(listed(), 1U);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a repeated form gets all its files though its boundary is another) {
  start();
  const auto first = post_form({{"a", "one"}, {"b", "two"}}, key("k"));
  CAF_REQUIRE_EQUAL(first.status, 201);
  const auto again = post_form({{"a", "one"}, {"b", "two"}}, key("k"), "zyx");
  CAF_CHECK_EQUAL(again.status, 201);
  CAF_CHECK_EQUAL(again.body, first.body);
  CAF_CHECK_EQUAL(listed(), 2U);
}

CAF_TEST(requests without a key are all new) {
  start();
  const auto first = id_in(post("hello", ""));
  CAF_CHECK(id_in(post("hello", "")) != first);
}

CAF_TEST(a key of another request is refused and takes nothing) {
  start();
  post("hello", key("k"));
  const auto check = [&](const http_answer& a) {
    CAF_CHECK_EQUAL(a.status, 422);
    CAF_CHECK_EQUAL(code_of(a), "idempotency_key_reused");
  };
  check(post("hello!", key("k")));
  check(ask("POST", "/v1/files?name=b.bin", "hello", key("k")));
  check(post_form({{"a.bin", "hello"}}, key("k")));
  check(ask("POST", "/v1/files?name=a.bin", "", key("k") + incomplete + length(5)));
  CAF_CHECK_EQUAL(listed(), 1U);
}

CAF_TEST(announced digests tell bodies of one length apart) {
  start();
  const std::string hello =
    "Repr-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:\r\n";
  const std::string other =
    "Repr-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n";
  CAF_CHECK_EQUAL(post("hello", key("k") + hello).status, 201);
  CAF_CHECK_EQUAL(post("world", key("k") + other).status, 422);
}

CAF_TEST(another user has the same key for himself) {
  who_asks = everybody_is(scene::id_of("ann"));
  start();
  const auto hers = id_in(post("hello", key("k")));
  stop();
  who_asks = everybody_is(scene::id_of("bob"));
  start();
  const auto his = post("hello!", key("k"));
  CAF_CHECK_EQUAL(his.status, 201);
  CAF_CHECK(id_in(his) != hers);
}

CAF_TEST(a program is not shown by its key what another program of the user has sent) {
  serve_programs();
  const std::string camera = "User-Agent: camera\r\n" + key("k");
  const std::string scanner = "User-Agent: scanner\r\n" + key("k");
  const auto check = [&](const std::string& kind, const auto& send) {
    const http_answer first = send(camera + kind);
    CAF_REQUIRE_EQUAL(first.status, 201);
    const auto id = id_of(first.field("location"));
    const http_answer foreign = send(scanner + kind);
    CAF_CHECK_EQUAL(foreign.status, 422);
    CAF_CHECK_EQUAL(code_of(foreign), "idempotency_key_reused");
    CAF_CHECK_EQUAL(foreign.field("location"), "");
    CAF_CHECK(foreign.body.find(id) == std::string::npos);
    const http_answer again = send(camera + kind);
    CAF_CHECK_EQUAL(again.status, 201);
    CAF_CHECK_EQUAL(again.field("location"), first.field("location"));
    storage::removal gone{id};
    have_applied(gone);
  };
  check("", [&](const std::string& fields) { return post("hello", fields); });
  check("", [&](const std::string& fields) { return post_form({{"a", "one"}}, fields); });
  check(incomplete + length(5),
        [&](const std::string& fields) { return ask("POST", "/v1/files", "", fields); });
  check("Tus-Resumable: 1.0.0\r\nUpload-Length: 5\r\n",
        [&](const std::string& fields) { return ask("POST", "/v1/files", "", fields); });
}

CAF_TEST(the first answer is there after a restart) {
  start();
  const auto first = post("hello", key("k"));
  stop();
  start();
  const auto again = post("hello", key("k"));
  CAF_CHECK_EQUAL(again.status, 201);
  CAF_CHECK_EQUAL(again.body, first.body);
}

CAF_TEST(while the first request runs a second one is told to wait) {
  start();
  http_client c{server->address()};
  hang_post(c, key("k"));
  const auto second = post("hello", key("k"));
  CAF_CHECK_EQUAL(second.status, 409);
  CAF_CHECK_EQUAL(code_of(second), "idempotency_key_in_use");
  CAF_CHECK_EQUAL(second.field("retry-after"), "2");
  c.send("hello");
  const auto first = c.read();
  CAF_CHECK_EQUAL(first.status, 201);
  CAF_CHECK_EQUAL(post("hello", key("k")).body, first.body);
}

CAF_TEST(the key of a request that broke off is free again) {
  start();
  {
    http_client c{server->address()};
    hang_post(c, key("k"));
    c.send("he");
    c.finish_sending();
    CAF_CHECK_EQUAL(c.read().status, 400);
  }
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(post("hello", key("k")).status, 201);
}

CAF_TEST(of many requests at once with one key one makes the file) {
  options.threads = 2;
  start();
  std::vector<std::future<http_answer>> asked;
  for (int i = 0; i < 8; ++i)
    asked.push_back(std::async(std::launch::async, [this] { return post("hello", key("k")); }));
  std::set<std::string> ids;
  for (auto& one : asked) {
    const auto a = one.get();
    if (a.status == 201)
      ids.insert(id_in(a));
    else
      CAF_CHECK_EQUAL(a.status, 409);
  }
  CAF_CHECK_EQUAL(ids.size(), 1U);
  CAF_CHECK_EQUAL(listed(), 1U);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a repeated creation is told where its upload goes on) {
  start();
  const auto wanted = incomplete + length(11) + key("k");
  const auto first = ask("POST", "/v1/files", "", wanted);
  CAF_REQUIRE_EQUAL(first.status, 201);
  const auto place = first.field("location");
  append(place, 0, "hello ");
  const auto again = ask("POST", "/v1/files", "", wanted);
  CAF_CHECK_EQUAL(again.status, 201);
  CAF_CHECK_EQUAL(again.field("location"), place);
  CAF_CHECK_EQUAL(again.field("upload-offset"), "6");
  const auto with_bytes = ask("POST", "/v1/files", "hello ", wanted); // these would be lost
  CAF_CHECK_EQUAL(with_bytes.status, 409);
  CAF_CHECK_EQUAL(with_bytes.field("location"), place);
  append(place, 6, "world", complete);
  const auto done = ask("POST", "/v1/files", "", wanted);
  CAF_CHECK_EQUAL(done.status, 201);
  CAF_CHECK_EQUAL(done.field("upload-complete"), "?1");
  CAF_CHECK_EQUAL(id_in(done), id_of(place));
}

CAF_TEST(a key that is none is refused) {
  start();
  for (const auto& bad : {std::string{}, std::string{"\"\""}, std::string{"\"open"},
                          std::string{"a b"}, std::string(256, 'x')})
    CAF_CHECK_EQUAL(post("hello", key(bad)).status, 400);
  CAF_CHECK_EQUAL(post("hello", key(std::string(255, 'x'))).status, 201);
}

CAF_TEST_FIXTURE_SCOPE_END()
