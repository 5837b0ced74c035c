#define CAF_SUITE net_uploads_forms

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

const std::string form_type = "Content-Type: multipart/form-data; boundary=\"b b\"\r\n";

struct fixture : http_fixture {
  http_answer post_form(const std::string& body) {
    return ask("POST", "/v1/files", body, form_type);
  }

  bool left_nothing() {
    return staged() == 0 && listed() == 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forms_tests, fixture)

CAF_TEST(a form with one file answers with its record) {
  start();
  const auto a = post_form(form_of({{"a.txt", "hello"}}, "b b"));
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto record = json::parse(a.body);
  CAF_CHECK_EQUAL(record["name"].get<std::string>(), "a.txt");
  CAF_CHECK_EQUAL(a.field("location"), "/v1/files/" + record["id"].get<std::string>());
  CAF_CHECK_EQUAL(stored_bytes(record["id"]), "hello");
}

CAF_TEST(each file of a form has the date of its part) {
  start();
  const auto part = [](const std::string& parameter, const std::string& field) {
    return "--b b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"" + parameter
           + "\r\n" + field + "\r\nbytes\r\n";
  };
  const auto a = post_form(part("", "Last-Modified: Mon, 30 Nov 2026 16:04:05 GMT\r\n")
                           + part("; modification-date=\"Mon, 30 Nov 2026 16:04:05 +0000\"", "")
                           + part("", "") + "--b b--\r\n");
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto files = json::parse(a.body)["files"];
  CAF_CHECK_EQUAL(files[0]["modified_at"].get<std::string>(), "2026-11-30T16:04:05.000Z");
  CAF_CHECK_EQUAL(files[1]["modified_at"].get<std::string>(), "2026-11-30T16:04:05.000Z");
  CAF_CHECK(files[2]["modified_at"].is_null());
  const auto refused = post_form(part("", "Last-Modified: soon\r\n") + "--b b--\r\n");
  CAF_CHECK_EQUAL(refused.status, 400);
}

CAF_TEST(a form with several files answers with all of them in order) {
  start();
  const auto large = std::string(700'000, 'x');
  const auto a = post_form(form_of({{"1", "one"}, {"2", large}, {"3", ""}, {"1", "one"}}, "b b"));
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto files = json::parse(a.body)["files"];
  CAF_REQUIRE_EQUAL(files.size(), 4u);
  CAF_CHECK_EQUAL(files[0]["name"].get<std::string>(), "1");
  CAF_CHECK_EQUAL(files[2]["bytes"].get<int>(), 0);
  const bool same = stored_bytes(files[1]["id"]) == large;
  CAF_CHECK(same);
  const auto all = listed();
  CAF_CHECK_EQUAL(all, 4u);
}

CAF_TEST(fields of a form and empty choices are passed over) {
  start();
  const std::string body = "--b b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntext\r\n"
                           "--b b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n"
                           "\r\n\r\n"
                           + form_of({{"real", "bytes"}}, "b b");
  const auto a = post_form(body);
  CAF_REQUIRE_EQUAL(a.status, 201);
  CAF_CHECK_EQUAL(json::parse(a.body)["name"].get<std::string>(), "real");
  const auto all = listed();
  CAF_CHECK_EQUAL(all, 1u);
}

CAF_TEST(digests of a part are checked against its bytes) {
  start();
  const auto part = [](const std::string& fields) {
    return "--b b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n" + fields
           + "\r\nhello\r\n";
  };
  const std::string right = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:\r\n";
  const std::string wrong = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n";
  for (const auto* name : {"Content-Digest: ", "repr-digest:"}) {
    CAF_CHECK_EQUAL(post_form(part(name + right) + "--b b--\r\n").status, 201);
    const auto before = listed();
    // All of a form is taken, or nothing.
    const auto a = post_form(part("") + part(name + wrong) + "--b b--\r\n");
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK_EQUAL(
      post_form(part(name + std::string{"sha-256=nonsense\r\n"}) + "--b b--\r\n").status, 400);
    CAF_CHECK_EQUAL(staged(), 0u);
    CAF_CHECK_EQUAL(listed(), before);
  }
}

CAF_TEST(another request may follow a form and its epilogue) {
  start();
  http_client c{server->address()};
  const auto form = form_of({{"a", "1"}}, "b b") + std::string(200'000, 'e');
  const auto first = c.ask("POST", "/v1/files", form, form_type).status;
  const auto second = c.ask("GET", "/livez").status;
  CAF_CHECK_EQUAL(first, 201);
  CAF_CHECK_EQUAL(second, 200);
}

CAF_TEST(a chunked form is a form) {
  start();
  const auto form = form_of({{"a", "hello"}}, "b b");
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + form_type
         + "\r\n");
  for (const char byte : form)
    c.send(std::string{"1\r\n"} + byte + "\r\n");
  c.send("0\r\n\r\n");
  const auto a = c.read();
  CAF_REQUIRE_EQUAL(a.status, 201);
  CAF_CHECK_EQUAL(stored_bytes(json::parse(a.body)["id"]), "hello");
}

CAF_TEST(malformed forms are 400 and leave nothing) {
  start();
  const auto whole = form_of({{"a", "1"}, {"b", "2"}}, "b b");
  for (const auto& body :
       {std::string{}, std::string{"--b b--\r\n"}, whole.substr(0, whole.size() - 6),
        form_of({{"a", "1"}}, "other"), "--b b\r\nnonsense\r\n\r\n\r\n" + whole}) {
    const auto a = post_form(body);
    CAF_CHECK_EQUAL(a.status, 400);
    CAF_CHECK_EQUAL(json::parse(a.body)["code"].get<std::string>(), "bad_request");
  }
  const auto no_boundary =
    ask("POST", "/v1/files", whole, "Content-Type: multipart/form-data\r\n").status;
  CAF_CHECK_EQUAL(no_boundary, 400);
  CAF_CHECK(left_nothing());
}

CAF_TEST(a form without a file says what is missing) {
  start();
  const std::string field =
    "--b b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntext\r\n";
  const std::string unchosen =
    "--b b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n";
  const auto detail = [](const http_answer& a) {
    CAF_CHECK_EQUAL(a.status, 400);
    return json::parse(a.body)["detail"].get<std::string>();
  };
  for (const auto& parts : {std::string{}, field, unchosen, field + unchosen})
    CAF_CHECK(detail(post_form(parts + "--b b--\r\n")).starts_with("The form has no file"));
  CAF_CHECK(detail(post_form("")).starts_with("The form has no file"));
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + form_type
         + "\r\n0\r\n\r\n");
  CAF_CHECK(detail(c.read()).starts_with("The form has no file"));
  const auto unbound = ask("POST", "/v1/files", field, "Content-Type: multipart/form-data\r\n");
  CAF_CHECK(detail(unbound).find("boundary") != std::string::npos);
  CAF_CHECK(left_nothing());
}

CAF_TEST(a form that breaks off takes its finished files with it) {
  start();
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n" + form_type + "\r\n");
  c.send(form_of({{"a", "1"}, {"b", "2"}}, "b b").substr(0, 200));
  c.finish_sending();
  const auto a = c.read().status;
  CAF_CHECK_EQUAL(a, 400);
  CAF_CHECK(left_nothing());
}

CAF_TEST(more parts or more bytes than allowed are 413 and leave nothing) {
  options.max_parts = 2;
  options.max_file_bytes = 1'000;
  start();
  const auto parts = post_form(form_of({{"1", ""}, {"2", ""}, {"3", ""}}, "b b")).status;
  CAF_CHECK_EQUAL(parts, 413);
  const auto file =
    post_form(form_of({{"1", "fine"}, {"2", std::string(1'001, 'x')}}, "b b")).status;
  CAF_CHECK_EQUAL(file, 413);
  CAF_CHECK(left_nothing());
  const auto whole = post_form(std::string(1'000 + (1U << 20U) + 1, 'x')).status;
  CAF_CHECK_EQUAL(whole, 413);
}

CAF_TEST(one file that is refused takes the others with it) {
  script->with([](auto& s) {
    s.refuse_accept = errc::storage_full;
    s.accepts_before_refusal = 1;
  });
  start();
  const auto a = post_form(form_of({{"a", "1"}, {"b", "2"}}, "b b")).status;
  CAF_CHECK_EQUAL(a, 507);
  // The undoing is not waited for, but the dispatcher takes its messages in order.
  script->with([](auto& s) { s.refuse_accept.reset(); });
  const auto after = upload("c", "3")["id"].get<std::string>();
  const auto removed = script->with([](auto& s) { return s.removed.size(); });
  CAF_CHECK_EQUAL(removed, 1u);
  CAF_CHECK_EQUAL(staged(), 0u);
  const auto all = json::parse(ask("GET", "/v1/files").body)["files"];
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0]["id"].get<std::string>(), after);
}

CAF_TEST_FIXTURE_SCOPE_END()
