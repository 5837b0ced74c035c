#define CAF_SUITE storage_rules_forgetting

#include "base/request_key.hpp"
#include "base/ulid.hpp"
#include "tests/storage/rules/resumable_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(forgetting_tests, resumable_fixture)

CAF_TEST(a key leads to the files of its first request) {
  const auto a = apply(with_key("key", "1")).value().record.id;
  const auto b = apply(with_key("key", "1")).value().record.id;
  CAF_CHECK(tests::code_of(apply(with_key("key", "2"))) == errc::conflict);
  const auto row = reader().find_key(id_of("ann"), "key").value();
  CAF_REQUIRE(row);
  CAF_CHECK_EQUAL(row->files, (std::vector<std::string>{a, b}));
  CAF_CHECK(!reader().find_key(id_of("bob"), "key").value());
}

CAF_TEST(a key is free again once the last file of its request is gone) {
  const auto a = apply(with_key("key", "1")).value().record.id;
  const auto b = apply(with_key("key", "1")).value().record.id;
  apply(storage::removal{a}).value();
  CAF_CHECK(tests::code_of(apply(with_key("key", "2"))) == errc::conflict);
  apply(storage::removal{b}).value();
  CAF_CHECK(apply(with_key("key", "2")));
}

CAF_TEST(a key that can be used once stays taken when its file is gone) {
  const auto key = one_use_mark + std::string{"key"};
  const auto id = apply(with_key(key, "1")).value().record.id;
  apply(storage::removal{id}).value();
  CAF_CHECK(tests::code_of(apply(with_key(key, "2"))) == errc::conflict);
  const auto row = reader().find_key(id_of("ann"), key).value();
  CAF_REQUIRE(row);
  CAF_CHECK(row->files.empty());
}

CAF_TEST(a key for one use can be ended before and after its use) {
  const auto key = one_use_mark + std::string{"key"};
  const storage::key_end end{id_of("ann"), key};
  const auto file = apply(with_key(key, "1")).value().record.id;
  const auto created_at = reader().find_key(id_of("ann"), key).value()->created_at;
  apply(end).value();
  const auto row = reader().find_key(id_of("ann"), key).value();
  CAF_REQUIRE(row);
  CAF_CHECK(row->files.empty());
  CAF_CHECK_EQUAL(row->created_at, created_at);
  CAF_CHECK(find(file).state == status::receiving);
  const auto other = one_use_mark + std::string{"other"};
  const storage::key_end unused{id_of("ann"), other};
  apply(unused).value();
  CAF_CHECK(tests::code_of(apply(with_key(other, "1"))) == errc::conflict);
  const storage::key_end of_client{id_of("ann"), "key"};
  CAF_CHECK(tests::code_of(apply(of_client)) == errc::bad_request);
}

CAF_TEST(a file of an earlier request does not take the key of a later one with it) {
  const auto early = apply(with_key("key", "1")).value().record.id;
  arrive(early, "sand").value();
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog{txn, db->table()}.erase_old_keys(now_ms() + tomorrow, 10).value();
    std::move(txn).commit().value();
  }
  open();
  const auto late = apply(with_key("key", "2")).value().record.id;
  apply(storage::removal{early}).value();
  const auto row = reader().find_key(id_of("ann"), "key").value();
  CAF_REQUIRE(row);
  CAF_CHECK_EQUAL(row->files, std::vector<std::string>{late});
}

CAF_TEST(a sweep forgets what expired and nothing else) {
  auto old = wanted("old", 10);
  old.terms.expires_at = 1;
  const auto gone = apply(old).value().record.id;
  const auto saved = apply(old).value().record.id;
  append(saved, "sand").value();
  const auto done = apply(old).value().record.id;
  arrive(done, "0123456789").value();
  const auto young = create(10);
  const auto before = history();
  apply(storage::sweep{}).value();
  CAF_CHECK(missing(gone) == errc::not_found);
  CAF_CHECK(!fs::exists(reader().staging_path(gone)));
  CAF_CHECK(missing(saved) == errc{});
  CAF_CHECK(find(done).state == status::registered);
  CAF_CHECK(missing(young) == errc{});
  CAF_CHECK_EQUAL(history(), before);
}

CAF_TEST(a sweep takes the oldest first and no more than it is told) {
  std::vector<std::string> ids;
  for (const unix_ms at : {3, 1, 2}) {
    auto u = wanted("old", 10);
    u.terms.expires_at = at;
    ids.push_back(apply(u).value().record.id);
  }
  apply(storage::sweep{2}).value();
  CAF_CHECK(missing(ids[0]) == errc{});
  CAF_CHECK(missing(ids[1]) == errc::not_found);
  CAF_CHECK(missing(ids[2]) == errc::not_found);
}

CAF_TEST(a sweep forgets keys after a day) {
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog rows{txn, db->table()};
    storage::key_row row;
    row.created_at = now_ms() - tomorrow - 1;
    rows.put_key(id_of("ann"), "old", row).value();
    row.created_at = now_ms() - tomorrow / 2;
    rows.put_key(id_of("ann"), "young", row).value();
    std::move(txn).commit().value();
  }
  open();
  apply(storage::sweep{}).value();
  CAF_CHECK(!reader().find_key(id_of("ann"), "old").value());
  CAF_CHECK(reader().find_key(id_of("ann"), "young").value());
}

CAF_TEST_FIXTURE_SCOPE_END()
