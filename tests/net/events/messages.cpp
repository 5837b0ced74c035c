#define CAF_SUITE net_events_messages

#include "net/events/messages.hpp"

#include "net/events/interest.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mediad;
using namespace mediad::net::events;

namespace {

const std::string a = "01JD0000000000000000000000";
const std::string b = "01JD0000000000000000000001";

event of(const std::string& user, const std::string& file,
         const std::vector<std::string>& folders = {}) {
  event e;
  e.user = user;
  e.file_id = file;
  e.folders = folders;
  return e;
}

event of_share(const std::string& user) {
  auto e = of(user, "");
  e.share.id = a;
  return e;
}

errc since_error(std::string_view text) {
  const auto r = parse_since(text, std::nullopt);
  return r ? errc::internal : r.error().code;
}

live_event progress_of(const std::string& file) {
  live_event e;
  e.user = "ann";
  e.file_id = file;
  return e;
}

} // namespace

CAF_TEST(subscribe and unsubscribe name a file) {
  const auto m = parse_client_message(R"({"type":"subscribe","file":")" + a + R"(","more":1})");
  CAF_REQUIRE(m);
  CAF_CHECK(m->says == client_message::kind::subscribe);
  CAF_CHECK_EQUAL(m->file, a);
  const auto u = parse_client_message(R"({"type":"unsubscribe","file":")" + b + R"("})");
  CAF_REQUIRE(u);
  CAF_CHECK(u->says == client_message::kind::unsubscribe);
}

CAF_TEST(anything else is a bad request) {
  for (const char* text :
       {"", "{", "null", "[]", "\"ping\"", "{}", R"({"type":7})", R"({"type":"shout"})",
        R"({"type":"subscribe"})", R"({"type":"subscribe","file":7})",
        R"({"type":"subscribe","file":"../../etc/passwd"})", "{\"type\":\"pi\xff\"}"}) {
    const auto m = parse_client_message(text);
    CAF_REQUIRE(!m);
    CAF_CHECK(m.error().code == errc::bad_request);
  }
}

CAF_TEST(nesting as deep as a message can hold does no harm) {
  const auto m = parse_client_message(std::string(4'096, '['));
  CAF_CHECK(!m);
}

CAF_TEST(the frames that are no events are JSON) {
  const auto hello = nlohmann::json::parse(hello_frame(412, 7));
  CAF_CHECK_EQUAL(hello.at("type").get<std::string>(), "hello");
  CAF_CHECK_EQUAL(hello.at("seq"), 412);
  CAF_CHECK_EQUAL(hello.at("oldest"), 7);
  const auto refused = nlohmann::json::parse(error_frame(errc::bad_request));
  CAF_CHECK_EQUAL(refused.at("type"), "error");
  CAF_CHECK_EQUAL(refused.at("code"), "bad_request");
  const auto pong = nlohmann::json::parse(pong_frame());
  CAF_CHECK_EQUAL(pong.at("type"), "pong");
}

CAF_TEST(the last event id of a reconnecting client goes before the query) {
  const auto none = parse_since(std::nullopt, std::nullopt);
  CAF_REQUIRE(none);
  CAF_CHECK(!none->has_value());
  const auto query = parse_since("12", std::nullopt);
  CAF_REQUIRE(query && *query);
  CAF_CHECK_EQUAL(**query, 12u);
  const auto newer = parse_since("12", "15");
  CAF_REQUIRE(newer && *newer);
  CAF_CHECK_EQUAL(**newer, 15u);
}

CAF_TEST(an event number is decimal digits) {
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1e3", "0x10", "99999999999999999999"})
    CAF_CHECK(since_error(text) == errc::bad_request);
}

CAF_TEST(without files everything of the user is wanted and nothing of others) {
  const interest i{"ann", {}};
  CAF_CHECK(i.wants(of("ann", a)));
  CAF_CHECK(i.wants(of("", "")));
  CAF_CHECK(i.wants(of_share("ann")));
  CAF_CHECK(!i.wants(of("bob", a)));
  CAF_CHECK(!i.wants(of("bob", "")));
  CAF_CHECK(!i.wants(of_share("bob")));
}

CAF_TEST(what is beside files is wanted only by those who may hear it) {
  const interest i{"ann", {}, {}, {false, false}};
  CAF_CHECK(i.wants(of("ann", a)));
  CAF_CHECK(!i.wants(of("ann", "")));
  CAF_CHECK(!i.wants(of("", "")));
  CAF_CHECK(!i.wants(of_share("ann")));
  const interest named{"ann", {a}};
  CAF_CHECK(!named.wants(of_share("ann")));
}

CAF_TEST(with files only those and notices are wanted) {
  interest i{"ann", {a}};
  CAF_CHECK(i.wants(of("ann", a)));
  CAF_CHECK(!i.wants(of("ann", b)));
  CAF_CHECK(i.wants(of("ann", "")));
  CAF_REQUIRE(i.subscribe(b));
  CAF_CHECK(i.wants(of("ann", b)));
  CAF_CHECK(!i.wants(of("bob", b)));
}

CAF_TEST(unsubscribing the last file leaves none rather than all) {
  interest i{"ann", {a}};
  CAF_REQUIRE(i.unsubscribe(a));
  CAF_CHECK(!i.wants(of("ann", a)));
  CAF_CHECK(i.wants(of("ann", "")));
  const auto filter = i.filter();
  CAF_CHECK(!filter.wants(of("ann", a)));
  CAF_CHECK(filter.wants(of("ann", "")));
}

CAF_TEST(one who hears everything can leave out one file and take it back) {
  interest i{"ann", {}};
  CAF_REQUIRE(i.unsubscribe(a));
  CAF_CHECK(!i.wants(of("ann", a)));
  CAF_CHECK(i.wants(of("ann", b)));
  CAF_REQUIRE(i.subscribe(a));
  CAF_CHECK(i.wants(of("ann", a)));
}

CAF_TEST(one subscriber can name a thousand files and no more) {
  interest i{"ann", {a}};
  for (std::size_t n = 1; n < interest::max_files; ++n)
    CAF_REQUIRE(i.subscribe(std::to_string(n)));
  CAF_CHECK(!i.subscribe(b));
  CAF_CHECK(i.subscribe(a));
}

CAF_TEST(of one folder what is below it is wanted alone and the progress of named files) {
  const interest all{"ann", {}, "f"};
  for (const auto& one : {of("ann", a, {"f"}), of("ann", a, {"g", "f", "h"}), of("", "")}) {
    CAF_CHECK(all.wants(one));
    CAF_CHECK(all.filter().wants(one));
  }
  for (const auto& one : {of("ann", a), of("ann", a, {"g"}), of("bob", a, {"f"})}) {
    CAF_CHECK(!all.wants(one));
    CAF_CHECK(!all.filter().wants(one));
  }
  CAF_CHECK(!all.wants(progress_of(a)));
  CAF_CHECK(!all.filter().wants(progress_of(a)));
  const interest named{"ann", {a}, "f"};
  CAF_CHECK(named.wants(progress_of(a)));
  CAF_CHECK(named.filter().wants(progress_of(a)));
  CAF_CHECK(!named.wants(progress_of(b)));
  CAF_CHECK(!named.wants(of("ann", b, {"f"})));
}
