#define CAF_SUITE storage_rules_limits

#include "storage/catalog/catalog.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;

namespace {

struct fixture : tests::scene {
  void limit(std::uint64_t quota, std::uint64_t open_uploads = 1000) {
    settings.user_quota_bytes = quota;
    settings.max_open_uploads = open_uploads;
    open();
  }

  storage::new_upload wanted(std::uint64_t length) const {
    storage::new_upload u{id_of("ann"), "beach.jpg"};
    u.length = length;
    u.resumable = true;
    u.terms.expires_at = now_ms() + 86'400'000;
    return u;
  }

  std::string create(std::uint64_t length) {
    return apply(wanted(length)).value().record.id;
  }

  result<storage::applied> arrive(const std::string& id, const std::string& bytes) {
    write(reader().staging_path(id), bytes);
    file_record r;
    r.id = id;
    return apply(arrival_of(r, bytes));
  }

  result<storage::applied> append(const std::string& id, std::uint64_t offset,
                                  std::uint64_t length = unknown_length) {
    storage::appended a;
    a.id = id;
    a.offset = offset;
    a.length = length;
    a.expires_at = now_ms() + 86'400'000;
    return apply(a);
  }

  std::string used(const std::string& user = "ann") const {
    const auto u = reader().find_usage(id_of(user)).value();
    return std::to_string(u.files) + " files " + std::to_string(u.bytes) + ", "
           + std::to_string(u.open_uploads) + " open " + std::to_string(u.open_bytes);
  }

  /// As a database has it that was made before anything was counted.
  void forget_counts() {
    store.reset();
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    for (const auto* user : {"ann", "bob"})
      txn.erase(db->table().usage, id_of(user)).value();
    std::move(txn).commit().value();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(limits_tests, fixture)

CAF_TEST(what a user takes up follows what comes and goes) {
  CAF_CHECK_EQUAL(used(), "0 files 0, 0 open 0");
  const auto a = finished("ann", "a", "sand");
  const auto b = upload("ann", "b", "sand");
  upload("bob", "b", "sand");
  CAF_CHECK_EQUAL(used(), "2 files 8, 0 open 0");
  const auto known = create(10);
  const auto unknown = create(unknown_length);
  append(unknown, 3).value();
  CAF_CHECK_EQUAL(used(), "2 files 8, 2 open 13");
  append(unknown, 3, 7).value();
  append(known, 9).value();
  CAF_CHECK_EQUAL(used(), "2 files 8, 2 open 17");
  arrive(known, "0123456789").value();
  CAF_CHECK_EQUAL(used(), "3 files 18, 1 open 7");
  for (const auto& id : {a.id, b.id, known, unknown})
    apply(storage::removal{id}).value();
  CAF_CHECK_EQUAL(used(), "0 files 0, 0 open 0");
  CAF_CHECK_EQUAL(used("bob"), "1 files 4, 0 open 0");
}

CAF_TEST(a change that fails counts for nothing) {
  const auto id = create(4);
  const auto before = used();
  CAF_CHECK(tests::code_of(append(id, 5)) == errc::conflict);
  file_record r;
  r.id = id;
  CAF_CHECK(!apply(arrival_of(r, "sand"))); // nothing is in staging
  CAF_CHECK_EQUAL(used(), before);
}

CAF_TEST(a body that would pass the quota is refused before it comes) {
  limit(10);
  upload("ann", "a", "sand");
  CAF_CHECK(tests::code_of(apply(wanted(7))) == errc::quota_exceeded);
  CAF_CHECK(apply(wanted(6)));
  CAF_CHECK(tests::code_of(apply(wanted(1))) == errc::quota_exceeded);
  CAF_CHECK(tests::code_of(apply(wanted(unknown_length))) == errc::quota_exceeded);
  CAF_CHECK(apply(wanted(0)));
  upload("bob", "a", "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a body whose length was not known is refused when it has come) {
  limit(10);
  const auto r = begin("ann", "a", "0123456789x");
  CAF_CHECK(tests::code_of(apply(arrival_of(r, "0123456789x"))) == errc::quota_exceeded);
  CAF_CHECK(find(r.id).state == status::receiving);
  CAF_CHECK_EQUAL(read(reader().staging_path(r.id)), "0123456789x");
}

CAF_TEST(an upload that fits when it begins fits when it ends) {
  limit(10);
  const auto id = create(10);
  CAF_CHECK(tests::code_of(apply(storage::new_upload{id_of("ann"), "b"})) == errc::quota_exceeded);
  CAF_CHECK(arrive(id, "0123456789"));
}

CAF_TEST(a length that becomes known is held against the quota) {
  limit(10);
  const auto id = create(unknown_length);
  append(id, 3).value();
  CAF_CHECK(tests::code_of(append(id, 4, 11)) == errc::quota_exceeded);
  CAF_CHECK(tests::code_of(append(id, 11)) == errc::quota_exceeded);
  CAF_CHECK_EQUAL(reader().find_upload(id).value().offset, 3u);
  CAF_CHECK(append(id, 4, 10));
}

CAF_TEST(the same bytes count again for each file) {
  limit(10);
  upload("ann", "a", "sand");
  upload("ann", "b", "sand");
  const auto r = begin("ann", "c", "sand");
  CAF_CHECK(tests::code_of(apply(arrival_of(r, "sand"))) == errc::quota_exceeded);
}

CAF_TEST(a removal makes room under the quota) {
  limit(4);
  const auto r = upload("ann", "a", "sand");
  CAF_CHECK(tests::code_of(apply(wanted(4))) == errc::quota_exceeded);
  apply(storage::removal{r.id}).value();
  CAF_CHECK(apply(wanted(4)));
}

CAF_TEST(a file put together from parts does not count twice) {
  limit(8);
  std::vector<std::string> parts;
  for (int i = 0; i < 2; ++i) {
    auto u = wanted(4);
    u.terms.concat = "partial";
    parts.push_back(apply(u).value().record.id);
  }
  auto whole = wanted(8);
  whole.terms.concat = "final;";
  whole.terms.parts = parts;
  const auto id = apply(whole).value().record.id;
  CAF_CHECK_EQUAL(used(), "0 files 0, 3 open 8");
  CAF_CHECK(arrive(id, "01234567"));
  for (const auto& part : parts)
    apply(storage::removal{part}).value();
  CAF_CHECK_EQUAL(used(), "1 files 8, 0 open 0");
}

CAF_TEST(a part that is named twice counts each time in the whole) {
  limit(10);
  auto u = wanted(4);
  u.terms.concat = "partial";
  const auto part = apply(u).value().record.id;
  create(3);
  auto whole = wanted(8);
  whole.terms.concat = "final;";
  whole.terms.parts = {part, part};
  CAF_CHECK(tests::code_of(apply(whole)) == errc::quota_exceeded);
  limit(11);
  CAF_CHECK(apply(whole));
}

CAF_TEST(a user has only so many open uploads) {
  limit(0, 2);
  const auto a = create(4);
  create(4);
  CAF_CHECK(tests::code_of(apply(wanted(4))) == errc::too_many);
  CAF_CHECK(apply(storage::new_upload{id_of("ann"), "not resumable"}));
  auto bobs = wanted(4);
  bobs.user = id_of("bob");
  CAF_CHECK(apply(bobs));
  arrive(a, "sand").value();
  CAF_CHECK(apply(wanted(4)));
}

CAF_TEST(what was never counted is counted at the start) {
  finished("ann", "a", "sand");
  upload("bob", "b", "sand!");
  const auto id = create(10);
  append(id, 0).value();
  forget_counts();
  open();
  CAF_CHECK_EQUAL(used(), "1 files 4, 1 open 10");
  CAF_CHECK_EQUAL(used("bob"), "1 files 5, 0 open 0");
}

CAF_TEST(counts that are visibly wrong are put right by an inspection) {
  upload("ann", "a", "sand");
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog rows{txn, db->table()};
    storage::usage wrong;
    wrong.files = 7;
    wrong.bytes = 7;
    rows.put_usage(id_of("ann"), wrong).value();
    rows.put_usage("01ARZ3NDEKTSV4RRFFQ69G5FAV", wrong).value();
    std::move(txn).commit().value();
  }
  open();
  CAF_CHECK(store->inspect({}).value().was_recounted);
  CAF_CHECK(!store->inspect({}).value().was_recounted);
  CAF_CHECK_EQUAL(used(), "1 files 4, 0 open 0");
  CAF_CHECK(reader().find_usage("01ARZ3NDEKTSV4RRFFQ69G5FAV").value().is_nothing());
}

CAF_TEST(what an unfinished body counted for is gone after a restart) {
  limit(10);
  const auto kept = create(4);
  begin("ann", "cut short", "sand");
  open();
  CAF_CHECK_EQUAL(used(), "0 files 0, 1 open 4");
  CAF_CHECK(reader().find_upload(kept));
}

CAF_TEST_FIXTURE_SCOPE_END()
