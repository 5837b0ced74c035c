#define CAF_SUITE net_people_tickets

#include "net/people/tickets.hpp"

#include "tests/net/support/eventually.hpp"
#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

struct tickets_fixture : people_fixture {
  static inline const std::string tus = "Tus-Resumable: 1.0.0\r\n";
  static inline const std::string stream =
    tus + "Content-Type: application/offset+octet-stream\r\n";
  std::string page; ///< Mia's.

  tickets_fixture() {
    start_with_people();
    page = signed_in("mia");
  }

  http_answer make(const std::string& fields, const json& body) {
    return ask_json("POST", "/v1/tickets", body, fields);
  }
  /// What the holder of a new ticket of mia's sends.
  std::string ticket(const json& body = json::object()) {
    const auto a = make(page, body);
    if (a.status != 201)
      throw std::runtime_error{"a ticket: " + std::to_string(a.status) + ' ' + a.body};
    return bearer(json::parse(a.body)["ticket"]);
  }
  http_answer send(const std::string& holder, const std::string& name = "a.bin",
                   const std::string& body = "sand") {
    return ask("POST", "/v1/files?name=" + name, body, holder);
  }
  http_answer begin_tus(const std::string& holder, const std::string& fields) {
    return ask("POST", "/v1/files", "", holder + tus + fields);
  }
  int append(const std::string& holder, const std::string& place, std::size_t offset,
             const std::string& body) {
    const auto fields = holder + stream + "Upload-Offset: " + std::to_string(offset) + "\r\n";
    return ask("PATCH", place, body, fields).status;
  }
  static std::string place_of(const http_answer& a) {
    return "/v1/files/" + json::parse(a.body)["id"].get<std::string>();
  }
  std::size_t files_of_mia() {
    return json::parse(ask("GET", "/v1/files", "", page).body)["files"].size();
  }
  /// What was refused goes behind the answer. @returns the files that stay.
  std::size_t lasting_files_of_mia() {
    return eventually([this] { return files_of_mia(); },
                      [](std::size_t left) { return left == 0; });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tickets_tests, tickets_fixture)

CAF_TEST(a ticket sends one file to its maker and follows it) {
  const auto made = make(page, json::object());
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("cache-control"), "no-store");
  CAF_CHECK(json::parse(made.body).contains("expires_at"));
  const auto holder = bearer(json::parse(made.body)["ticket"]);
  const auto sent = send(holder);
  CAF_CHECK_EQUAL(sent.status, 201);
  CAF_CHECK(json::parse(sent.body)["user"] == "mia");
  CAF_CHECK_EQUAL(status_of(holder, place_of(sent)), 200);
  CAF_CHECK_EQUAL(files_of_mia(), 1U);
  CAF_CHECK_EQUAL(status_of(holder, place_of(sent) + "/cancel", "POST"), 200);
}

CAF_TEST(a ticket is for one upload) {
  const auto holder = ticket();
  CAF_CHECK_EQUAL(status_in(send(holder)), 201);
  const auto again = send(holder, "b.bin", "other");
  CAF_CHECK_EQUAL(again.status, 403);
  CAF_CHECK_EQUAL(code_of(again), "ticket_used");
  const auto form = form_of({{"c.bin", "sand"}}, "x");
  const auto of_form = "Content-Type: multipart/form-data; boundary=x\r\n" + holder;
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, of_form)), 403);
  CAF_CHECK_EQUAL(status_in(begin_tus(holder, "Upload-Length: 4\r\n")), 403);
  CAF_CHECK_EQUAL(files_of_mia(), 1U);
}

CAF_TEST(the same request again gets the first answer) {
  const auto holder = ticket();
  const auto first = place_of(send(holder));
  CAF_CHECK_EQUAL(place_of(send(holder)), first);
  CAF_CHECK_EQUAL(files_of_mia(), 1U);
}

CAF_TEST(a ticket stays used when its file is gone) {
  const auto holder = ticket();
  const auto place = place_of(send(holder));
  CAF_CHECK_EQUAL(status_of(page, place, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_in(send(holder)), 401);
  CAF_CHECK_EQUAL(files_of_mia(), 0U);
}

CAF_TEST(a form of two files is more than a ticket allows) {
  const auto form = form_of({{"a.bin", "sand"}, {"b.bin", "more"}}, "x");
  const auto fields = "Content-Type: multipart/form-data; boundary=x\r\n" + ticket();
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, fields)), 400);
  CAF_CHECK_EQUAL(lasting_files_of_mia(), 0U);
  CAF_CHECK_EQUAL(staged(), 0U);
}

CAF_TEST(a form of one file is taken) {
  const auto form = form_of({{"a.bin", "sand"}}, "x");
  const auto fields = "Content-Type: multipart/form-data; boundary=x\r\n" + ticket();
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, fields)), 201);
}

CAF_TEST(an upload by tus goes on with its ticket and with no other) {
  const auto holder = ticket({{"max_bytes", 8}});
  const auto begun = begin_tus(holder, "Upload-Length: 8\r\n");
  CAF_CHECK_EQUAL(begun.status, 201);
  const auto place = begun.field("location");
  CAF_CHECK_EQUAL(append(holder, place, 0, "sand"), 204);
  CAF_CHECK_EQUAL(append(ticket(), place, 4, "sand"), 404);
  CAF_CHECK_EQUAL(status_of(ticket(), place), 404);
  CAF_CHECK_EQUAL(append(holder, place, 4, "sand"), 204);
  CAF_CHECK_EQUAL(status_of(holder, place), 200);
}

CAF_TEST(an upload of the draft goes on with its ticket) {
  const auto holder = ticket();
  const auto begun = ask("POST", "/v1/files", "sand", holder + "Upload-Complete: ?0\r\n");
  CAF_CHECK_EQUAL(begun.status, 201);
  const auto place = begun.field("location");
  const auto last = ask("PATCH", place, "sand",
                        holder
                          + "Content-Type: application/partial-upload\r\nUpload-Offset: 4\r\n"
                            "Upload-Complete: ?1\r\n");
  CAF_CHECK_EQUAL(last.status, 201);
  CAF_CHECK_EQUAL(files_of_mia(), 1U);
}

CAF_TEST(a ticket takes no more bytes than it says) {
  const auto holder = ticket({{"max_bytes", 3}});
  CAF_CHECK_EQUAL(status_in(send(holder)), 413);
  CAF_CHECK_EQUAL(status_in(begin_tus(holder, "Upload-Length: 4\r\n")), 413);
  const auto form = form_of({{"a.bin", "sand"}}, "x");
  const auto of_form = "Content-Type: multipart/form-data; boundary=x\r\n" + holder;
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files", form, of_form)), 413);
  CAF_CHECK_EQUAL(lasting_files_of_mia(), 0U);
  const auto later = begin_tus(ticket({{"max_bytes", 3}}), "Upload-Defer-Length: 1\r\n");
  CAF_CHECK_EQUAL(later.status, 201);
}

CAF_TEST(the holder of a ticket is told its limit and others the servers) {
  const auto of_server = std::to_string(options.max_file_bytes);
  const auto holder = ticket({{"max_bytes", 8}});
  const auto told = ask("OPTIONS", "/v1/files", "", holder);
  CAF_CHECK_EQUAL(told.field("tus-max-size"), "8");
  CAF_CHECK_EQUAL(told.field("upload-limit"), "max-size=8, min-size=0");
  const auto begun = ask("POST", "/v1/files", "sand", holder + "Upload-Complete: ?0\r\n");
  CAF_CHECK(begun.field("upload-limit").starts_with("max-size=8, "));
  CAF_CHECK_EQUAL(ask("OPTIONS", "/v1/files").field("tus-max-size"), of_server);
  CAF_CHECK_EQUAL(ask("OPTIONS", "/v1/files", "", page).field("tus-max-size"), of_server);
}

CAF_TEST(a length that comes later is held to the limit) {
  const auto holder = ticket({{"max_bytes", 3}});
  const auto place = begin_tus(holder, "Upload-Defer-Length: 1\r\n").field("location");
  CAF_CHECK_EQUAL(append(holder + "Upload-Length: 4\r\n", place, 0, "sand"), 413);
  CAF_CHECK_EQUAL(append(holder, place, 0, "sand"), 413);
}

CAF_TEST(a file of another profile ends with 422 and leaves nothing) {
  const auto raw = send(ticket({{"profiles", {"video", "audio"}}}));
  CAF_CHECK_EQUAL(raw.status, 422);
  CAF_CHECK_EQUAL(code_of(raw), "other_profile");
  const auto holder = ticket({{"profiles", {"video"}}});
  const auto place = begin_tus(holder, "Upload-Length: 4\r\n").field("location");
  CAF_CHECK_EQUAL(append(holder, place, 0, "sand"), 422);
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(status_of(page, place), 404);
  CAF_CHECK_EQUAL(append(holder, place, 0, "sand"), 401);
  CAF_CHECK_EQUAL(files_of_mia(), 0U);
  CAF_CHECK_EQUAL(status_in(send(ticket({{"profiles", {"image"}}}))), 201);
}

CAF_TEST(a ticket leads nowhere else) {
  const auto holder = ticket();
  const auto place = place_of(send(holder));
  for (const auto* target : {"/v1/session", "/v1/sessions", "/v1/tokens", "/v1/files", "/v1/users"})
    CAF_CHECK_EQUAL(status_of(holder, target), 403);
  CAF_CHECK_EQUAL(status_of(holder, place, "DELETE"), 403);
  CAF_CHECK_EQUAL(status_of(holder, place + "/content"), 403);
  CAF_CHECK_EQUAL(status_of(holder, place + "/preview"), 403);
  CAF_CHECK_EQUAL(status_in(make(holder, json::object())), 403);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", place + "/sign", {{"of", "content"}}, holder)), 403);
}

CAF_TEST(a ticket ends with its maker and with the token that made it) {
  const auto token = token_of(mia, rights{right::upload}.to_bits());
  const auto a = make(token, json::object());
  CAF_REQUIRE_EQUAL(a.status, 201);
  const auto by_token = bearer(json::parse(a.body)["ticket"]);
  const auto by_person = ticket();
  const auto id = token.substr(token.find("mediad_") + 7, 26);
  have_applied(storage::credential_removal{mia, id});
  CAF_CHECK_EQUAL(status_in(send(by_token)), 401);
  storage::user_change change{mia};
  change.disabled = true;
  have_applied(change);
  CAF_CHECK_EQUAL(status_in(send(by_person)), 401);
}

CAF_TEST(a maker ends a ticket before it is used and while it is) {
  const auto unused = json::parse(make(page, json::object()).body);
  const auto used = json::parse(make(page, json::object()).body);
  const auto holder = bearer(used["ticket"]);
  const auto place = begin_tus(holder, "Upload-Length: 8\r\n").field("location");
  CAF_CHECK_EQUAL(append(holder, place, 0, "sand"), 204);
  const auto target_of = [](const json& made) {
    return "/v1/tickets/" + made["id"].get<std::string>();
  };
  // Another user has no ticket of that id, nor does one end another.
  CAF_CHECK_EQUAL(status_of(signed_in("ada"), target_of(used), "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(holder, target_of(unused), "DELETE"), 403);
  CAF_CHECK_EQUAL(append(holder, place, 4, "sa"), 204);
  for (const auto& made : {unused, used})
    CAF_CHECK_EQUAL(status_of(page, target_of(made), "DELETE"), 204);
  CAF_CHECK_EQUAL(append(holder, place, 6, "nd"), 401);
  CAF_CHECK_EQUAL(status_in(send(bearer(unused["ticket"]))), 401);
  CAF_CHECK_EQUAL(status_of(page, target_of(used), "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(page, "/v1/tickets/x", "DELETE"), 404);
  CAF_CHECK_EQUAL(status_in(send(ticket())), 201);
}

CAF_TEST(a token that cannot send makes no ticket) {
  const auto reads = token_of(mia, rights{right::read, right::share}.to_bits());
  CAF_CHECK_EQUAL(status_in(make(reads, json::object())), 403);
}

CAF_TEST(what a ticket says is signed) {
  const auto holder = ticket({{"max_bytes", 3}});
  auto more = holder;
  more.replace(more.find(".3."), 3, ".4.");
  CAF_CHECK_EQUAL(status_in(send(more)), 401);
  auto other = holder;
  other.replace(other.find(mia), mia.size(), ada);
  CAF_CHECK_EQUAL(status_in(send(other, "a.bin", "san")), 401);
  CAF_CHECK_EQUAL(status_in(send(bearer("mediad_ticket_"), "a.bin", "san")), 401);
  CAF_CHECK_EQUAL(status_in(send(holder, "a.bin", "san")), 201);
}

CAF_TEST(what cannot be asked of a ticket is refused) {
  for (const json& wrong :
       {json{{"folder", 7}}, json{{"profiles", json::array()}}, json{{"profiles", {"gif"}}},
        json{{"max_bytes", 0}}, json{{"expires_in", 86'401}}, json{{"expires_in", "1h"}}})
    CAF_CHECK_EQUAL(status_in(make(page, wrong)), 400);
}

CAF_TEST_FIXTURE_SCOPE_END()
