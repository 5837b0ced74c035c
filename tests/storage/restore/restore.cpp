#define CAF_SUITE storage_restore

#include "storage/restore/restore.hpp"

#include "storage/copies/copies.hpp"
#include "tests/storage/restore/restore_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(restore_tests, restore_fixture)

CAF_TEST(files that came after the copy have their records again) {
  const auto before = finished("ann", "before.jpg", "sand");
  copy();
  const auto after = finished("ann", "after.jpg", "dune");
  const auto twin = upload("bob", "twin.jpg", "sand");
  const auto done = restore();
  CAF_CHECK_EQUAL(done.known, 1u);
  CAF_CHECK_EQUAL(done.adopted, 2u);
  CAF_CHECK_EQUAL(done.removed, 0u);
  CAF_CHECK(find(before.id).state == status::ready);
  const auto again = find_named("ann", "after.jpg").value();
  CAF_CHECK_EQUAL(again.sha256, after.sha256);
  CAF_CHECK_EQUAL(again.bytes, 4u);
  CAF_CHECK(again.state == status::registered);
  const auto other = find_named("bob", "twin.jpg").value();
  CAF_CHECK_EQUAL(other.sha256, twin.sha256);
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/after.jpg"), "dune");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a file has the id that it had as its preview and archive tell) {
  copy();
  const auto whole = finished("ann", "whole.jpg", "dune");
  const auto waits = upload("ann", "waits.jpg", "sea");
  const auto done = restore();
  CAF_CHECK_EQUAL(done.adopted, 2u);
  CAF_CHECK(done.same_id >= 1u);
  CAF_CHECK_EQUAL(find(whole.id).name, "whole.jpg");
  CAF_CHECK(find_named("ann", "waits.jpg"));
  CAF_CHECK_EQUAL(reader().unfinished().value().size(), 2u);
  CAF_CHECK_EQUAL(waits.name, "waits.jpg");
}

CAF_TEST(an upload that was open when the copy was made keeps its name) {
  const std::string odd = "su\xCC\x88mmer.jpg"; // Not in NFC.
  storage::new_upload resumed{id_of("ann"), odd};
  resumed.length = 4;
  resumed.resumable = true;
  const auto begun = apply(std::move(resumed)).value().record;
  write(reader().staging_path(begun.id), "dune");
  copy();
  apply(arrival_of(begun, "dune")).value();
  go(begun.id, status::processing).value();
  apply(outcome_of(begun.id, "dune")).value();
  const auto done = restore();
  CAF_CHECK_EQUAL(done.same_id, 1u);
  CAF_CHECK_EQUAL(find(begun.id).name, begun.name);
}

CAF_TEST(a record whose bytes are gone is removed with an event) {
  const auto kept = finished("ann", "kept.jpg", "sand");
  const auto gone = finished("ann", "gone.jpg", "dune");
  copy();
  apply(storage::removal{gone.id}).value();
  const auto done = restore();
  CAF_CHECK_EQUAL(done.known, 1u);
  CAF_CHECK_EQUAL(done.removed, 1u);
  CAF_CHECK(code_of(reader().find(gone.id)) == errc::not_found);
  CAF_CHECK(find(kept.id).state == status::ready);
  const auto told = reader().events_after(0, 1000).value();
  CAF_CHECK_EQUAL(told.back().type, "file.deleted");
  CAF_CHECK_EQUAL(told.back().file_id, gone.id);
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a deleted file whose bytes another one shares stays deleted) {
  const auto kept = finished("ann", "kept.jpg", "sand");
  const auto gone = finished("bob", "gone.jpg", "sand");
  copy();
  apply(storage::removal{gone.id}).value();
  restore();
  CAF_CHECK(code_of(reader().find(gone.id)) == errc::not_found);
  CAF_CHECK_EQUAL(read(original_path(find(kept.id))), "sand");
}

CAF_TEST(a name that other bytes have by now is theirs) {
  const auto old = finished("ann", "beach.jpg", "sand");
  copy();
  apply(storage::removal{old.id}).value();
  const auto fresh = finished("ann", "beach.jpg", "dune");
  const auto done = restore();
  CAF_CHECK_EQUAL(done.removed, 1u);
  CAF_CHECK_EQUAL(find(fresh.id).link_name, "beach.jpg");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "dune");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(numbers of events leap ahead of those that clients have seen) {
  copy();
  for (int i = 0; i < 50; ++i)
    upload("ann", "beach.jpg", "sand");
  const auto seen = reader().events().value().newest;
  const auto done = restore();
  CAF_CHECK(done.events_from > seen);
  const auto next = upload("ann", "next.jpg", "dune");
  CAF_CHECK(next.seq > done.events_from);
}

CAF_TEST(the database that was there is kept beside it) {
  const auto r = finished("ann", "beach.jpg", "sand");
  copy();
  const auto done = restore([&] { write(root() / "system/db/data.mdb", "broken"); });
  CAF_CHECK_EQUAL(read(done.replaced / "data.mdb"), "broken");
  CAF_CHECK_EQUAL(done.replaced.parent_path(), root() / "system");
  CAF_CHECK(find(r.id).state == status::ready);
  CAF_CHECK(!fs::exists(root() / "system/db.new"));
}

CAF_TEST(a database that is lost is restored as well) {
  const auto r = finished("ann", "beach.jpg", "sand");
  copy();
  const auto done = restore([&] { fs::remove_all(root() / "system/db"); });
  CAF_CHECK(done.replaced.empty());
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(the newest copy is taken unless another one is named) {
  const auto first = copy();
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::rename(first.folder, root() / "system/copies/20250101T000000Z");
  const auto second = copy();
  CAF_CHECK_EQUAL(restore().copy, second.folder);
  CAF_CHECK_EQUAL(restore([] {}, "20250101T000000Z").adopted, 1u);
  CAF_CHECK(find_named("ann", r.name));
  fs::rename(second.folder, root() / "elsewhere");
  CAF_CHECK_EQUAL(restore([] {}, (root() / "elsewhere").string()).copy, root() / "elsewhere");
  fs::remove_all(root() / "elsewhere");
}

CAF_TEST(a copy of an older release is migrated) {
  store.reset();
  fs::remove_all(root() / "system");
  fs::remove_all(root() / "users");
  const auto unpacked =
    "tar -xJf '" MEDIAD_SCHEMA1_DATA "/data.tar.xz' -C '" + root().string() + "'";
  CAF_REQUIRE_EQUAL(std::system(unpacked.c_str()), 0);
  const auto old = storage::make_copy(settings).value();
  const auto done = restore();
  CAF_CHECK_EQUAL(done.copy, old.folder);
  CAF_CHECK(done.known > 10u);
  CAF_CHECK(storage::check_copy(old));
}

CAF_TEST(a mistake is a sentence and changes nothing) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto refuse = [this](const std::string& named) {
    const auto done = storage::restore_database(settings, named);
    CAF_REQUIRE(!done);
    return done.error();
  };
  CAF_CHECK(refuse("").code == errc::busy);
  store.reset();
  CAF_CHECK(refuse("").detail.find("there are no copies") != std::string::npos);
  const auto made = storage::make_copy(settings).value();
  CAF_CHECK(refuse("yesterday").detail.find(made.name) != std::string::npos);
  fs::resize_file(made.folder / "data.mdb", 5000);
  CAF_CHECK(refuse("").detail.find("damaged") != std::string::npos);
  open();
  CAF_CHECK(find(r.id).state == status::ready);
  CAF_CHECK(!fs::exists(root() / "system/db.new"));
}

CAF_TEST_FIXTURE_SCOPE_END()
