#define CAF_SUITE net_files_editing

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : http_fixture {
  http_answer patch(const std::string& id, const std::string& body,
                    const std::string& fields = "") {
    return ask("PATCH", "/v1/files/" + id, body, "Content-Type: application/json\r\n" + fields);
  }

  json patched(const std::string& id, const std::string& body) {
    const auto a = patch(id, body);
    if (a.status != 200)
      throw std::runtime_error{a.body};
    return json::parse(a.body);
  }

  std::string new_file(const std::string& name = "beach.jpg") {
    return upload(name, name)["id"].get<std::string>();
  }

  std::string etag_of(const std::string& id) {
    return ask("GET", "/v1/files/" + id).field("etag");
  }

  std::string refusal(const std::string& id, const std::string& body) {
    const auto a = patch(id, body);
    return std::to_string(a.status) + ' ' + json::parse(a.body)["detail"].get<std::string>();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(editing_tests, fixture)

CAF_TEST(what an owner says of a file is in its record and in lists) {
  start();
  const auto id = new_file();
  const auto record = patched(id, R"({"name":"Strand.jpg","tags":["Sea","sea","Sun"],)"
                                  R"("favourite":true,"description":"In the morning.",)"
                                  R"("metadata":{"place":{"name":"Sylt"}}})");
  CAF_CHECK_EQUAL(record["name"].get<std::string>(), "Strand.jpg");
  CAF_CHECK_EQUAL(record["tags"].dump(), R"(["Sea","Sun"])");
  CAF_CHECK(record["favourite"].get<bool>());
  CAF_CHECK_EQUAL(record["description"].get<std::string>(), "In the morning.");
  CAF_CHECK_EQUAL(record["metadata"].dump(), R"({"place":{"name":"Sylt"}})");
  CAF_CHECK_EQUAL(record["revision"].get<int>(), 1);
  CAF_CHECK(json::parse(ask("GET", "/v1/files/" + id).body) == record);
  for (const auto* query : {"tag=SEA", "favourite=true", "tag=sun&favourite=true"}) {
    const auto list = json::parse(ask("GET", std::string{"/v1/files?"} + query).body);
    CAF_CHECK_EQUAL(list["files"].size(), 1u);
    CAF_CHECK_EQUAL(list["total"].get<int>(), 1);
  }
  const auto tags = json::parse(ask("GET", "/v1/tags").body)["items"];
  CAF_CHECK_EQUAL(tags.dump(), R"([{"files":1,"name":"Sea"},{"files":1,"name":"Sun"}])");
}

CAF_TEST(what is not in the body stays and null is empty) {
  start();
  const auto id = new_file();
  patched(id, R"({"tags":["a"],"description":"x","metadata":{"a":1},"favourite":true})");
  const auto same = patched(id, R"({})");
  CAF_CHECK_EQUAL(same["revision"].get<int>(), 1);
  const auto empty = patched(id, R"({"tags":null,"description":null,"metadata":null})");
  CAF_CHECK(empty["tags"].empty() && empty["metadata"].empty() && empty["metadata"].is_object());
  CAF_CHECK_EQUAL(empty["description"].get<std::string>(), "");
  CAF_CHECK(empty["favourite"].get<bool>());
}

CAF_TEST(a change with the ETag of another revision is refused) {
  start();
  const auto id = new_file();
  const auto first = etag_of(id);
  CAF_CHECK_EQUAL(patch(id, R"({"favourite":true})", "If-Match: " + first + "\r\n").status, 200);
  const auto late = patch(id, R"({"favourite":false})", "If-Match: " + first + "\r\n");
  CAF_CHECK_EQUAL(late.status, 412);
  CAF_CHECK_EQUAL(json::parse(late.body)["code"].get<std::string>(), "precondition_failed");
  CAF_CHECK(etag_of(id) != first);
  for (const auto& tag : {etag_of(id), std::string{"*"}})
    CAF_CHECK_EQUAL(patch(id, R"({"tags":[]})", "If-Match: " + tag + "\r\n").status, 200);
  CAF_CHECK_EQUAL(patch(id, R"({"tags":["without"]})").status, 200);
}

CAF_TEST(a member that is none or wrong is named) {
  start();
  const auto id = new_file();
  CAF_CHECK_EQUAL(refusal(id, R"({"bytes":1})"),
                  "400 A file has no member `bytes` that can be changed.");
  CAF_CHECK_EQUAL(refusal(id, R"({"name":""})"), "400 `name` must be a text that is not empty.");
  CAF_CHECK_EQUAL(refusal(id, R"({"favourite":1})"), "400 `favourite` must be true or false.");
  CAF_CHECK_EQUAL(refusal(id, R"({"tags":"sea"})"),
                  "400 `tags` must be at most 50 texts of 1 to 100 bytes.");
  CAF_CHECK_EQUAL(refusal(id, R"({"tags":[1]})"),
                  "400 `tags` must be at most 50 texts of 1 to 100 bytes.");
  CAF_CHECK_EQUAL(refusal(id, R"({"metadata":[]})"), "400 `metadata` must be an object, or null.");
  CAF_CHECK_EQUAL(refusal(id, R"({"metadata":{"a":")" + std::string(17'000, 'x') + "\"}}"),
                  "400 `metadata` has at most 16 KiB.");
  CAF_CHECK_EQUAL(refusal(id, R"({"description":")" + std::string(4'097, 'x') + "\"}"),
                  "400 `description` has at most 4,096 bytes.");
  CAF_CHECK_EQUAL(refusal(id, R"({"folder":"2026"})"),
                  "400 `folder` must be the id of a folder, or null.");
  CAF_CHECK_EQUAL(refusal(id, R"({"folder":"01JD0000000000000000000000"})"),
                  "400 `folder` must be one of your folders, and each of `tags` have 1 to 100 "
                  "bytes.");
  CAF_CHECK_EQUAL(refusal(id, R"({"if_taken":"ask"})"),
                  "400 `if_taken` must be `number` or `refuse`.");
  CAF_CHECK_EQUAL(refusal(id, "[]"), "400 The body must be an object in JSON.");
  // No object is so deep.
  const auto deep = R"({"metadata":)" + std::string(60'000, '[') + std::string(60'000, ']') + '}';
  CAF_CHECK_EQUAL(refusal(id, deep), "400 The body must be an object in JSON.");
}

CAF_TEST(a taken name is refused where that is asked for) {
  start();
  new_file("a.jpg");
  const auto id = new_file("b.jpg");
  CAF_CHECK_EQUAL(patch(id, R"({"name":"A.jpg","if_taken":"refuse"})").status, 409);
  CAF_CHECK_EQUAL(patched(id, R"({"name":"A.jpg"})")["name"].get<std::string>(), "A.jpg");
}

CAF_TEST(files of somebody else and none at all cannot be changed) {
  start();
  const auto other = have_applied(storage::new_upload{id_of("bob"), "secret"}).record.id;
  CAF_CHECK_EQUAL(patch(other, R"({"favourite":true})").status, 404);
  CAF_CHECK_EQUAL(patch("01JD0000000000000000000000", R"({"favourite":true})").status, 404);
}

CAF_TEST(a PATCH of no protocol and no JSON is told what is missing as before) {
  start();
  const auto id = new_file();
  CAF_CHECK_EQUAL(ask("PATCH", "/v1/files/" + id, "x").status, 412);
  CAF_CHECK_EQUAL(ask("PATCH", "/v1/files/" + id, "x", "Content-Type: text/plain\r\n").status, 412);
}

CAF_TEST_FIXTURE_SCOPE_END()
