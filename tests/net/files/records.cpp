#define CAF_SUITE net_files_records

#include "tests/net/support/http_fixture.hpp"

#include <chrono>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

struct fixture : http_fixture {
  /// Has the storage owner apply a change, as some other actor would.
  file_record happen(storage::change c) {
    caf::scoped_actor self{sys};
    file_record after;
    self->request(owner, 10s, std::move(c))
      .receive([&](storage::applied& done) { after = std::move(done.record); },
               [](const caf::error& e) { throw std::runtime_error{from_caf(e).detail}; });
    return after;
  }

  file_record process(const std::string& id, std::uint32_t attempt = 1) {
    storage::transition t;
    t.id = id;
    t.to = status::processing;
    t.attempt = attempt;
    return happen(t);
  }

  file_record finish(const std::string& id) {
    storage::transition t;
    t.id = id;
    t.to = status::failed;
    t.failure = {"corrupt_media", "It is damaged."};
    return happen(t);
  }

  std::string new_file(const std::string& name = "a") {
    return upload(name, name)["id"].get<std::string>();
  }

  json get_json(const std::string& target) {
    return json::parse(ask("GET", target).body);
  }

  /// Sends a request and gives the connection that its answer will come on.
  std::unique_ptr<http_client> begin_ask(const std::string& target) {
    auto c = std::make_unique<http_client>(server->address());
    c->send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return c;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(records_tests, fixture)

CAF_TEST(a record is what the upload was answered with) {
  start();
  const auto uploaded = upload("a", "bytes");
  const auto got = get_json("/v1/files/" + uploaded["id"].get<std::string>());
  CAF_CHECK(got == uploaded);
}

CAF_TEST(unknown ids and no ids at all are not found) {
  start();
  for (const auto* id : {"01JD0000000000000000000000", "x", "..", "%2e%2e%2fx", "%ff"}) {
    for (const auto* what : {"", "/content", "/preview", "/archive", "/renditions/x"}) {
      const auto a = ask("GET", std::string{"/v1/files/"} + id + what).status;
      CAF_CHECK_EQUAL(a, 404);
    }
    const auto removed = ask("DELETE", std::string{"/v1/files/"} + id).status;
    CAF_CHECK_EQUAL(removed, 404);
  }
}

CAF_TEST(a parameter that is not known is refused where JSON is the answer) {
  start();
  const auto place = "/v1/files/" + upload("a", "bytes")["id"].get<std::string>();
  for (const auto& target : {"/v1/files?stauts=ready", "/v1/files?limit=1&x", "/v1/files?Limit=1"})
    for (const auto* method : {"GET", "HEAD"})
      CAF_CHECK_EQUAL(ask(method, target).status, 400);
  const auto refused = ask("GET", place + "?await=1");
  CAF_CHECK_EQUAL(refused.status, 400);
  CAF_CHECK_EQUAL(json::parse(refused.body)["detail"].get<std::string>(),
                  "There is no parameter `await` here; there are `wait`, `trash`.");
  CAF_CHECK_EQUAL(ask("GET", place + "/content?x=1").status, 200);
  CAF_CHECK_EQUAL(ask("GET", "/v1/files/01JD0000000000000000000000?wait=0").status, 404);
}

CAF_TEST(what belongs to somebody else is not found) {
  start();
  storage::new_upload other;
  other.user = id_of("bob");
  other.name = "secret";
  const auto id = happen(other).id;
  for (const auto* method : {"GET", "DELETE"}) {
    const auto a = ask(method, "/v1/files/" + id).status;
    CAF_CHECK_EQUAL(a, 404);
  }
  for (const auto* what : {"/cancel", "/retry"}) {
    const auto a = ask("POST", "/v1/files/" + id + what).status;
    CAF_CHECK_EQUAL(a, 404);
  }
  const auto waited = ask("GET", "/v1/files/" + id + "?wait=1").status;
  CAF_CHECK_EQUAL(waited, 404);
}

CAF_TEST(progress that is not stored is in the record while it is processed) {
  start();
  const auto id = new_file();
  process(id);
  stage_progress live;
  live.file_id = id;
  live.now_at = stage::compress;
  live.fraction = 0.25;
  script->with([&](auto& s) { s.progress = live; });
  const auto record = get_json("/v1/files/" + id);
  CAF_CHECK_EQUAL(record["stage"].get<std::string>(), "compress");
  CAF_CHECK_EQUAL(record["progress"].get<double>(), 0.25);
}

CAF_TEST(waiting ends when the record changes) {
  start();
  const auto id = new_file();
  const auto began = clock::now();
  auto c = begin_ask("/v1/files/" + id + "?wait=9");
  // It may change before the server looks for the first time, so it changes until that is noticed.
  for (std::uint32_t attempt = 1; !c->has_answer(); ++attempt)
    process(id, attempt);
  const auto changed = json::parse(c->read().body)["status"].get<std::string>();
  CAF_CHECK_EQUAL(changed, "processing");
  CAF_CHECK(clock::now() - began < 5s);
}

CAF_TEST(waiting ends with the time that was given and says what is) {
  start();
  const auto id = new_file();
  const auto began = clock::now();
  const auto same = get_json("/v1/files/" + id + "?wait=1")["status"].get<std::string>();
  CAF_CHECK_EQUAL(same, "registered");
  CAF_CHECK(clock::now() - began >= 1s);
}

CAF_TEST(a server that stops lets nobody wait on) {
  options.grace = 9s;
  options.threads = 1;
  start();
  const auto id = new_file();
  auto c = begin_ask("/v1/files/" + id + "?wait=60");
  // On the only thread, after the other: that one waits by then.
  ask("GET", "/livez");
  const auto began = clock::now();
  stop();
  CAF_CHECK(clock::now() - began < 5s);
  const auto answered = c->read().status;
  CAF_CHECK_EQUAL(answered, 200);
}

CAF_TEST(nobody waits for a finished file and a removed one is not found) {
  start();
  const auto id = new_file();
  auto c = begin_ask("/v1/files/" + id + "?wait=9");
  const auto removed = ask("DELETE", "/v1/files/" + id + "?permanent=1").status;
  CAF_CHECK_EQUAL(removed, 204);
  const auto gone = c->read().status;
  CAF_CHECK_EQUAL(gone, 404);
  const auto failed = new_file("b");
  finish(failed);
  const auto began = clock::now();
  const auto record = get_json("/v1/files/" + failed + "?wait=9");
  CAF_CHECK_EQUAL(record["failure"]["code"].get<std::string>(), "corrupt_media");
  CAF_CHECK(clock::now() - began < 5s);
}

CAF_TEST(an upload is answered as soon as its file is finished and no later than preview_wait) {
  options.preview_wait = 9s;
  start();
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  const auto began = clock::now();
  json files = json::array();
  while (files.empty() || files[0]["status"] != "registered")
    files = get_json("/v1/files")["files"];
  finish(files[0]["id"]);
  const auto record = json::parse(c.read().body);
  CAF_CHECK_EQUAL(record["status"].get<std::string>(), "failed");
  CAF_CHECK(clock::now() - began < 5s);
  stop();
  options.preview_wait = 300ms;
  start();
  const auto again = clock::now();
  const auto unfinished = upload("b", "y")["status"].get<std::string>();
  CAF_CHECK_EQUAL(unfinished, "registered");
  CAF_CHECK(clock::now() - again >= 300ms);
}

CAF_TEST(a list is newest first and goes on behind its cursor) {
  start();
  std::vector<std::string> ids;
  for (const auto* name : {"a", "b", "c"})
    ids.push_back(new_file(name));
  const auto first = get_json("/v1/files?limit=2");
  CAF_REQUIRE_EQUAL(first["files"].size(), 2u);
  CAF_CHECK_EQUAL(first["files"][0]["id"].get<std::string>(), ids[2]);
  const auto second = get_json("/v1/files?limit=2&cursor=" + first["cursor"].get<std::string>());
  CAF_REQUIRE_EQUAL(second["files"].size(), 1u);
  CAF_CHECK_EQUAL(second["files"][0]["id"].get<std::string>(), ids[0]);
  CAF_CHECK(second["cursor"].is_null());
}

CAF_TEST(a list holds only what was asked for) {
  start();
  const auto one = new_file("a");
  finish(new_file("b"));
  const auto failed = get_json("/v1/files?status=failed&profile=image")["files"];
  CAF_CHECK_EQUAL(failed.size(), 1u);
  const auto registered = get_json("/v1/files?status=registered")["files"];
  CAF_REQUIRE_EQUAL(registered.size(), 1u);
  CAF_CHECK_EQUAL(registered[0]["id"].get<std::string>(), one);
  const auto videos = get_json("/v1/files?profile=video")["files"];
  CAF_CHECK(videos.empty());
}

CAF_TEST(a parameter that is wrong is named) {
  start();
  const auto id = new_file();
  const std::pair<std::string, std::string> wrong[] = {
    {"/v1/files?limit=0", "limit"},        {"/v1/files?limit=501", "limit"},
    {"/v1/files?limit=-1", "limit"},       {"/v1/files?limit=99999999999", "limit"},
    {"/v1/files?status=done", "status"},   {"/v1/files?profile=IMAGE", "profile"},
    {"/v1/files?cursor=zzz", "cursor"},    {"/v1/files/" + id + "?wait=soon", "wait"},
    {"/v1/files/" + id + "?wait=", "wait"}};
  for (const auto& [target, name] : wrong) {
    const auto a = ask("GET", target);
    CAF_CHECK_EQUAL(a.status, 400);
    const auto detail = json::parse(a.body)["detail"].get<std::string>();
    const bool named = detail.find('`' + name + '`') != std::string::npos;
    CAF_CHECK(named);
  }
}

CAF_TEST(cancelling and trying again answer with the record or a conflict) {
  start();
  const auto id = new_file();
  process(id);
  const auto cancelled = ask("POST", "/v1/files/" + id + "/cancel");
  CAF_REQUIRE_EQUAL(cancelled.status, 200);
  CAF_CHECK_EQUAL(json::parse(cancelled.body)["status"].get<std::string>(), "cancelled");
  const auto retried = ask("POST", "/v1/files/" + id + "/retry").status;
  CAF_CHECK_EQUAL(retried, 409);
}

CAF_TEST(a removed file is gone) {
  start();
  const auto id = new_file();
  const auto removed = ask("DELETE", "/v1/files/" + id);
  CAF_CHECK_EQUAL(removed.status, 204);
  CAF_CHECK(removed.body.empty());
  const auto again = ask("GET", "/v1/files/" + id).status;
  CAF_CHECK_EQUAL(again, 404);
}

CAF_TEST_FIXTURE_SCOPE_END()
