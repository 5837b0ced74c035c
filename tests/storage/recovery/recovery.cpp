#define CAF_SUITE storage_recovery

#include "tests/storage/recovery/recovery_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(recovery_tests, recovery_fixture)

CAF_TEST(a finished file is untouched by a restart) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto before = tree();
  open();
  CAF_CHECK_EQUAL(tree(), before);
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK(find(r.id).state == status::ready);
  CAF_CHECK_EQUAL(history(),
                  "1 file.registered\n2 file.processing\n3 file.preview\n4 file.ready\n");
}

CAF_TEST(an upload cut short in its body is gone after a restart) {
  const auto r = begin("ann", "beach.jpg", "sa");
  open();
  CAF_CHECK(reader().find(r.id).error().code == errc::not_found);
  CAF_CHECK(tree().empty());
}

CAF_TEST(unfinished files stay with their attempt and lose their work) {
  const auto waiting = upload("ann", "a", "1");
  const auto running = upload("ann", "b", "2");
  go(running.id, status::processing, 3).value();
  apply(preview_of(running.id, "p", 3)).value();
  make(running.id, "half.webp", "x", 3);
  open();
  CAF_CHECK_EQUAL(reader().unfinished().value(),
                  (std::vector<std::string>{waiting.id, running.id}));
  const auto again = find(running.id);
  CAF_CHECK_EQUAL(again.attempt, 3u);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a crash after the rename into the store leaves nothing) {
  const auto r = begin("ann", "beach.jpg", "sand");
  const auto stored = storage::blob_place(arrival_of(r, "sand").sha256);
  fs::rename(reader().staging_path(r.id), root() / stored.path());
  open();
  CAF_CHECK(tree().empty());
}

CAF_TEST(what a power cut took from the store is made again from staging) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto staged = reader().staging_path(r.id);
  CAF_CHECK(store->finish_syncs());
  CAF_CHECK(!fs::exists(staged));
  // As if neither the folder in the store nor the user's had been synced.
  fs::rename(original_path(r), staged);
  fs::remove(root() / "users/ann/originals/beach.jpg");
  open();
  CAF_CHECK(!fs::exists(staged));
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a name in staging of what the store still has goes) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK(store->finish_syncs());
  fs::create_hard_link(original_path(r), reader().staging_path(r.id));
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(removing a file just stored leaves the same bytes of another user) {
  const auto a = upload("ann", "beach.jpg", "sand");
  const auto b = upload("bob", "desert.jpg", "sand");
  apply(storage::removal{a.id}).value();
  CAF_CHECK(!fs::exists(reader().staging_path(a.id)));
  CAF_CHECK_EQUAL(tree(), promised());
  open();
  CAF_CHECK_EQUAL(read(original_path(b)), "sand");
}

CAF_TEST(a crash after the link into the folder of the user leaves nothing) {
  const auto r = begin("ann", "beach.jpg", "sand");
  const auto stored = storage::blob_place(arrival_of(r, "sand").sha256);
  leave(stored, "sand");
  fs::create_directories(root() / "users/ann/originals");
  fs::create_hard_link(root() / stored.path(), root() / "users/ann/originals/beach.jpg");
  open();
  CAF_CHECK(tree().empty());
}

CAF_TEST(a crash while an outcome is published leaves what was there before) {
  const auto r = upload("ann", "beach.jpg", "sand");
  go(r.id, status::processing).value();
  const auto before = promised();
  leave({storage::renditions_place(r.id).path(), "w640.webp"}, "x");
  leave({storage::renditions_link(r).path(), "w640.webp"}, "x");
  leave(storage::archive_place(r.id), "x");
  leave(storage::archive_link(r), "x");
  leave(storage::preview_place(r.id), "x");
  leave(storage::preview_link(r), "x");
  open();
  CAF_CHECK_EQUAL(tree(), before);
}

CAF_TEST(a crash between the commit of a removal and its files leaves nothing) {
  const auto r = finished("ann", "beach.jpg", "sand");
  std::set<std::string> files;
  promise(r, files);
  const tests::temp_root aside;
  fs::copy(root() / "store", aside.path / "store", fs::copy_options::recursive);
  fs::copy(root() / "users", aside.path / "users", fs::copy_options::recursive);
  apply(storage::removal{r.id}).value();
  for (const auto* kind : {"store", "users"})
    fs::copy(aside.path / kind, root() / kind,
             fs::copy_options::recursive | fs::copy_options::skip_existing);
  open();
  CAF_CHECK(!files.empty());
  CAF_CHECK(tree().empty());
}

CAF_TEST(files that nobody knows are removed from store and system) {
  finished("ann", "beach.jpg", "sand");
  leave(storage::blob_place(zeros), "x");
  leave(storage::preview_place(unknown_id), "x");
  leave({storage::renditions_place(unknown_id).path(), "w640.webp"}, "x");
  leave(storage::archive_place(unknown_id), "x");
  leave(storage::staging_place(unknown_id), "x");
  leave({storage::work_place(unknown_id, 1).path() + "/deep/deeper", "x"}, "x");
  leave({"system/trash", "x"}, "x");
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what a person put into the folders stays) {
  finished("ann", "beach.jpg", "sand");
  for (const auto* name : {"originals/mine.txt", "previews/mine.txt", "renditions/mine.txt",
                           "renditions/beach.jpg/mine.txt", "archives/mine.txt"})
    write(root() / "users/ann" / name, "mine");
  open();
  for (const auto* name : {"originals/mine.txt", "previews/mine.txt", "renditions/mine.txt",
                           "renditions/beach.jpg/mine.txt", "archives/mine.txt"})
    CAF_CHECK_EQUAL(read(root() / "users/ann" / name), "mine");
}

CAF_TEST(links that went missing are made again) {
  finished("ann", "beach.jpg", "sand");
  finished("bob", "beach.jpg", "sand");
  fs::remove_all(root() / "users/ann");
  fs::remove(root() / "users/bob/previews/beach.jpg.webp");
  open();
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w320.webp"), "sand320");
  CAF_CHECK(fs::equivalent(root() / "users/ann/originals/beach.jpg",
                           root() / "users/bob/originals/beach.jpg"));
}

CAF_TEST(a stored file that is missing is no reason not to start) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::remove(original_path(r));
  fs::remove(root() / storage::original_link(r).path());
  fs::remove(preview_path(r));
  open();
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(a start with ten thousand records and a thousand open uploads takes under two seconds) {
  const auto model = finished("ann", "model", "sand");
  begin_uploads(1'000);
  store.reset();
  add_records_like(model, 10'000);
  const auto start = std::chrono::steady_clock::now();
  scene::open();
  const auto took = std::chrono::steady_clock::now() - start;
  CAF_CHECK(took < std::chrono::seconds{2});
  CAF_CHECK(inspect().is_well());
  storage::list_query q;
  q.user = id_of("ann");
  CAF_CHECK_EQUAL(reader().list(q).value().files.size(), 50u);
  CAF_CHECK_EQUAL(reader().find_usage(id_of("ann")).value().files, 10'001u);
  CAF_CHECK_EQUAL(reader().find_usage(id_of("bob")).value().open_uploads, 1'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
