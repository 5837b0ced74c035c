#define CAF_SUITE storage_rules_resumable

#include "base/ulid.hpp"
#include "tests/storage/rules/resumable_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(resumable_tests, resumable_fixture)

CAF_TEST(an unfinished upload is the same after a restart) {
  auto u = wanted("beach.jpg", 10);
  u.terms.wanted_sha256 = std::string(64, 'a');
  const auto id = apply(u).value().record.id;
  append(id, "sand").value();
  const auto before = state(id);
  open();
  const auto now = state(id);
  CAF_CHECK_EQUAL(now.offset, 4u);
  CAF_CHECK_EQUAL(now.length, 10u);
  CAF_CHECK_EQUAL(now.metadata, "filename c2FuZA==,k");
  CAF_CHECK_EQUAL(now.wanted_sha256, std::string(64, 'a'));
  CAF_CHECK_EQUAL(now.expires_at, before.expires_at);
  CAF_CHECK_EQUAL(read(reader().staging_path(id)), "sand");
  auto hash = sha256::restore(now.hash).value();
  hash.update(" castle");
  sha256 whole;
  whole.update("sand castle");
  CAF_CHECK_EQUAL(std::move(hash).hex(), std::move(whole).hex());
}

CAF_TEST(bytes that came behind the last acknowledged ones are not reported after a restart) {
  const auto id = create(10);
  append(id, "sand").value();
  write(reader().staging_path(id), "sand and");
  open();
  CAF_CHECK_EQUAL(state(id).offset, 4u);
}

CAF_TEST(an upload whose acknowledged bytes are gone is given up and the server starts) {
  const auto shorter = create(10);
  append(shorter, "sand").value();
  write(reader().staging_path(shorter), "san");
  const auto gone = create(10);
  fs::remove(reader().staging_path(gone));
  const auto fine = create(10);
  open();
  CAF_CHECK(missing(shorter) == errc::not_found);
  CAF_CHECK(missing(gone) == errc::not_found);
  CAF_CHECK(missing(fine) == errc{});
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an offset never shrinks and never passes the length) {
  const auto id = create(10);
  append(id, "sand").value();
  CAF_CHECK(tests::code_of(append(id, "san")) == errc::conflict);
  CAF_CHECK(tests::code_of(append(id, "sand castles")) == errc::conflict);
  CAF_CHECK_EQUAL(state(id).offset, 4u);
}

CAF_TEST(a length may become known once) {
  const auto id = create(unknown_length);
  auto a = append_of(id, "sand");
  apply(a).value();
  CAF_CHECK(!state(id).has_length());
  a.length = 9;
  apply(a).value();
  CAF_CHECK_EQUAL(state(id).length, 9u);
  a.length = 8;
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  a.length = unknown_length;
  apply(a).value();
  CAF_CHECK_EQUAL(state(id).length, 9u);
}

CAF_TEST(an upload is whole only once its file is registered) {
  const auto id = create(4);
  CAF_CHECK(tests::code_of(append(id, "sand")) == errc::conflict);
  auto a = append_of(id, "sand");
  a.complete = true;
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  CAF_CHECK_EQUAL(state(id).offset, 0u);
  const auto r = arrive(id, "sand").value().record;
  CAF_CHECK(r.state == status::registered);
  open();
  const auto now = state(id);
  CAF_CHECK(now.complete);
  CAF_CHECK_EQUAL(now.offset, 4u);
  CAF_CHECK_EQUAL(now.expires_at, 0);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an upload may be left open although it has all its bytes) {
  const auto id = create(4);
  auto a = append_of(id, "sand");
  a.stays_open = true;
  apply(a).value();
  open();
  CAF_CHECK(!state(id).complete);
  CAF_CHECK_EQUAL(state(id).offset, 4u);
  CAF_CHECK_EQUAL(tree(), promised());
  a.complete = true; // only a part is completed like this
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  CAF_CHECK(arrive(id, "sand").value().record.state == status::registered);
}

CAF_TEST(a completed upload takes no more bytes and its arrival is answered again) {
  const auto id = create(4);
  arrive(id, "sand").value();
  CAF_CHECK(tests::code_of(append(id, "sand")) == errc::conflict);
  fs::remove(reader().staging_path(id));
  file_record same;
  same.id = id;
  const auto again = apply(arrival_of(same, "sand")).value();
  CAF_CHECK(!again.event);
  CAF_CHECK_EQUAL(history(), "1 file.registered\n");
}

CAF_TEST(a part is completed by its bytes and outlives a restart) {
  const auto id = create_part(4);
  auto a = append_of(id, "sand");
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  a.complete = true;
  apply(a).value();
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  open();
  CAF_CHECK(state(id).complete);
  CAF_CHECK_EQUAL(read(reader().staging_path(id)), "sand");
}

CAF_TEST(parts are in no list) {
  const auto part = create_part(4);
  const auto whole = create(4);
  storage::list_query q;
  q.user = id_of("ann");
  const auto page = reader().list(q).value();
  CAF_REQUIRE_EQUAL(page.files.size(), 1u);
  CAF_CHECK_EQUAL(page.files.front().id, whole);
  CAF_CHECK(find(part).is_part);
}

CAF_TEST(a removal leaves no row and no file of an upload) {
  auto u = wanted("beach.jpg", 10);
  u.key = {"key", "fingerprint", "1"};
  const auto id = apply(u).value().record.id;
  append(id, "sand").value();
  const auto part = create_part(10);
  const auto done = create(4);
  arrive(done, "sand").value();
  for (const auto& each : {id, part, done})
    apply(storage::removal{each}).value();
  CAF_CHECK(missing(done) == errc::not_found);
  CAF_CHECK_EQUAL(rows_left(), 0u);
  CAF_CHECK(tree().empty());
}

CAF_TEST(an upload that was refused leaves no row and no file) {
  const auto taken = apply(with_key("key", "1")).value().record.id;
  auto second = wanted("beach.jpg", 4);
  second.key = {"key", "fingerprint", "2"};
  const auto good = wanted("castle.jpg", 4);
  const auto done = apply_all({second, good});
  CAF_CHECK(tests::code_of(done[0]) == errc::conflict);
  CAF_CHECK(done[1]);
  CAF_CHECK_EQUAL(tree(), promised());
  apply(storage::removal{taken}).value();
  apply(storage::removal{done[1]->record.id}).value();
  CAF_CHECK_EQUAL(rows_left(), 0u);
}

CAF_TEST(the same bytes through a resumable upload are stored once and outlive the other user) {
  const auto id = create(4);
  append(id, "san").value();
  upload("bob", "beach.jpg", "sand");
  arrive(id, "sand").value();
  CAF_CHECK_EQUAL(tree(), promised());
  apply(storage::removal{id}).value();
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(read(root() / "users/bob/originals/beach.jpg"), "sand");
}

CAF_TEST_FIXTURE_SCOPE_END()
