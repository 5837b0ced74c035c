#define CAF_SUITE storage_recovery_database

#include "tests/storage/recovery/recovery_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(database_tests, recovery_fixture)

CAF_TEST(a store without its database is not emptied but refused) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto kept = original_path(r);
  store.reset();
  fs::rename(root() / "system/db", root() / "system/elsewhere");
  for (int i = 0; i < 2; ++i) {
    CAF_CHECK(refusal().code == errc::conflict);
    CAF_CHECK(fs::exists(kept));
  }
  fs::remove_all(root() / "system/db");
  fs::rename(root() / "system/elsewhere", root() / "system/db");
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an outdated database is refused before it costs a file) {
  upload("ann", "old.jpg", "old sand");
  store.reset();
  fs::copy(root() / "system/db", root() / "system/older", fs::copy_options::recursive);
  scene::open();
  const auto newer = upload("ann", "new.jpg", "new sand");
  for (int i = 0; i < 1100; ++i) {
    auto name = std::to_string(i);
    name = std::string(64 - name.size(), 'a') + name;
    write(root() / storage::blob_place(name).path(), "x");
  }
  store.reset();
  fs::remove_all(root() / "system/db");
  fs::rename(root() / "system/older", root() / "system/db");
  CAF_CHECK(refusal().code == errc::conflict);
  CAF_CHECK(fs::exists(root() / storage::blob_place(std::string(60, 'a') + "1099").path()));
  CAF_CHECK(fs::exists(root() / storage::blob_place(newer.sha256).path()));
}

CAF_TEST(a database that was half made is made anew) {
  store.reset();
  fs::remove_all(root() / "system/db");
  fs::create_directories(root() / "system/db.new");
  write(root() / "system/db.new/data.mdb", "half a page");
  open();
  CAF_CHECK(upload("ann", "a", "1").state == status::registered);
  CAF_CHECK(!fs::exists(root() / "system/db.new"));
}

CAF_TEST(a database of another schema is refused by name) {
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    txn.put(db->table().meta, "schema", "99").value();
    txn.put(db->table().meta, "writable_from", "99").value();
    std::move(txn).commit().value();
  }
  const auto refused = refusal();
  CAF_CHECK(refused.code == errc::conflict);
  CAF_CHECK(refused.detail.find("schema 99") != std::string::npos);
}

CAF_TEST(a database that a newer release has only added to is opened and keeps its schema) {
  const auto r = upload("ann", "beach.jpg", "sand");
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    txn.put(db->table().meta, "schema", "99").value();
    txn.put(db->table().meta, "writable_from", "2").value();
    std::move(txn).commit().value();
  }
  open();
  CAF_CHECK(go(r.id, status::processing));
  store.reset();
  CAF_CHECK_EQUAL(storage::database::look(settings).value()->schema, 99u);
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    txn.put(db->table().meta, "writable_from", "98").value();
    std::move(txn).commit().value();
  }
  const auto refused = refusal();
  CAF_CHECK(refused.code == errc::conflict);
  CAF_CHECK(refused.detail.find("newer release") != std::string::npos);
}

CAF_TEST(a file that is no database is refused and kept) {
  store.reset();
  write(root() / "system/db/data.mdb", std::string(8192, 'x'));
  const auto refused = refusal();
  CAF_CHECK(refused.detail.find("cannot be opened") != std::string::npos);
  CAF_CHECK_EQUAL(fs::file_size(root() / "system/db/data.mdb"), 8192u);
}

CAF_TEST(looking in without a database says so and makes none) {
  const tests::temp_root empty;
  settings.root = empty.path;
  const auto looked = storage::open_reader(settings);
  CAF_REQUIRE(!looked);
  CAF_CHECK(looked.error().code == errc::not_found);
  CAF_CHECK(fs::is_empty(empty.path));
}

CAF_TEST(looking in shows what is stored) {
  const auto r = finished("ann", "beach.jpg", "sand");
  store.reset();
  const auto looked = storage::open_reader(settings);
  CAF_REQUIRE(looked);
  const auto seen = looked->find(r.id).value();
  CAF_CHECK_EQUAL(seen.name, "beach.jpg");
}

CAF_TEST_FIXTURE_SCOPE_END()
