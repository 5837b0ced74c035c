#define CAF_SUITE net_access_tickets

#include "net/access/tickets.hpp"

#include "base/ulid.hpp"
#include "net/access/credentials.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::known_by;
using net::right;
using net::rights;

namespace {

struct ticket_fixture : scene {
  net::signing_keys keys;
  net::ticket t;

  ticket_fixture() {
    t.id = make_ulid();
    t.user = id_of("ann");
    t.expires_at = now_ms() + 60'000;
  }

  std::string text() const {
    return to_text(keys, t);
  }
  result<net::caller> caller_of(const std::string& shown) const {
    return net::caller_of_ticket(reader(), keys, shown);
  }
  bool counts(const std::string& shown) const {
    return caller_of(shown).has_value();
  }
  /// What was begun by the ticket.
  file_record use() {
    storage::new_upload begun{t.user, "a.bin"};
    begun.key = {net::request_key_of_ticket(t.id), "print", "request"};
    return apply(begun).value().record;
  }
};

net::http::request_header<> head_with(const std::string& authorization) {
  net::http::request_header<> head;
  head.set("Authorization", authorization);
  return head;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(ticket_tests, ticket_fixture)

CAF_TEST(a ticket is its maker with the right to upload alone) {
  t.limits = {1'000, 4};
  const auto who = caller_of(text());
  CAF_REQUIRE(who);
  CAF_CHECK_EQUAL(who->user, id_of("ann"));
  CAF_CHECK_EQUAL(who->credential, t.id);
  CAF_CHECK(who->may == rights{right::upload});
  CAF_CHECK(who->by == known_by::ticket);
  CAF_CHECK_EQUAL(who->limits.max_bytes, 1'000U);
  CAF_CHECK_EQUAL(who->limits.profiles, 4U);
  CAF_CHECK(net::still_counts(reader(), *who));
}

CAF_TEST(no word of a ticket can be changed) {
  t.limits = {1'000, 4};
  const auto good = text();
  CAF_CHECK(counts(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto other = good;
    other[at] = other[at] == '1' ? '2' : '1';
    CAF_CHECK(!counts(other));
  }
  for (const auto& other : {good + '.', good + "A", good.substr(0, good.size() - 1),
                            good.substr(0, good.rfind('.')), std::string{}})
    CAF_CHECK(!counts(other));
}

CAF_TEST(an unused ticket ends at its time) {
  t.expires_at = now_ms() - 1;
  CAF_CHECK(!counts(text()));
}

CAF_TEST(a used ticket counts until its upload is over) {
  t.expires_at = now_ms() - 1;
  const auto upload = use();
  CAF_CHECK(counts(text()));
  write(reader().staging_path(upload.id), "sand");
  apply(arrival_of(upload, "sand")).value();
  CAF_CHECK(counts(text()));
  go(upload.id, status::cancelled).value();
  CAF_CHECK(!counts(text()));
  t.expires_at = now_ms() + 60'000; // its holder may still hear how it ended
  CAF_CHECK(counts(text()));
}

CAF_TEST(a ticket whose upload is gone is worth nothing) {
  const auto upload = use();
  CAF_CHECK(counts(text()));
  apply(storage::removal{upload.id}).value();
  CAF_CHECK(!counts(text()));
}

CAF_TEST(a ticket ends with its maker and with the token that made it) {
  credential_row row;
  row.id = make_ulid();
  row.user = t.user;
  row.kind = credential_kind::token;
  apply(storage::new_credential{row}).value();
  const auto by_person = text();
  t.maker = row.id;
  const auto by_token = text();
  CAF_CHECK(counts(by_token));
  const auto who = caller_of(by_token).value();
  apply(storage::credential_removal{row.user, row.id}).value();
  CAF_CHECK(!counts(by_token));
  CAF_CHECK(!net::still_counts(reader(), who));
  CAF_CHECK(counts(by_person));
  storage::user_change change{t.user};
  change.disabled = true;
  apply(change).value();
  CAF_CHECK(!counts(by_person));
}

CAF_TEST(a token of another user makes no ticket) {
  credential_row row;
  row.id = make_ulid();
  row.user = id_of("bob");
  row.kind = credential_kind::token;
  apply(storage::new_credential{row}).value();
  t.maker = row.id;
  CAF_CHECK(!counts(text()));
}

CAF_TEST(a ticket is read from Authorization alone) {
  const auto shown = text();
  CAF_CHECK_EQUAL(net::read_ticket(head_with("Bearer " + shown)).value_or(""), shown);
  CAF_CHECK_EQUAL(net::read_ticket(head_with("bearer   " + shown)).value_or(""), shown);
  for (const auto& other : {shown, "Basic " + shown, "Bearer x" + shown, std::string{"Bearer "},
                            std::string{"Bearer"}, "Bearer mediad_" + make_ulid() + "_x"})
    CAF_CHECK(!net::read_ticket(head_with(other)));
  CAF_CHECK(!net::read_credential(head_with("Bearer " + shown), ""));
}

CAF_TEST_FIXTURE_SCOPE_END()
