#define CAF_SUITE storage_recovery

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

const std::string zeros(64, '0');
const std::string unknown_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

struct fixture : tests::scene {
  void leave(const storage::place& where, const std::string& bytes) const {
    fs::create_directories(root() / where.folder);
    write(root() / where.path(), bytes);
    fs::permissions(root() / where.path(), fs::perms{0440});
  }

  /// Failed files that share the bytes of @p model and have links and nothing else.
  void add_records_like(const file_record& model, int count) const {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog rows{txn, db->table()};
    auto r = model;
    r.state = status::failed;
    r.preview = {};
    r.renditions.clear();
    r.archive = {};
    for (int i = 0; i < count; ++i) {
      r.id = make_ulid();
      r.link_name = r.id;
      rows.put(r).value();
      rows.add_blob_user(r.sha256, r.bytes).value();
      fs::create_hard_link(root() / storage::blob_place(r.sha256).path(),
                           root() / storage::original_link(r).path());
    }
    std::move(txn).commit().value();
  }

  /// Uploads of bob's that have some of their bytes.
  void begin_uploads(std::size_t count) {
    storage::new_upload u{id_of("bob"), "beach.jpg"};
    u.length = 100;
    u.resumable = true;
    std::vector<storage::change> appends;
    for (const auto& begun : apply_all(std::vector<storage::change>(count, u))) {
      storage::appended a;
      a.id = begun.value().record.id;
      a.offset = 4;
      write(reader().staging_path(a.id), "sand");
      appends.emplace_back(a);
    }
    for (const auto& done : apply_all(appends))
      done.value();
  }

  error refusal() {
    store.reset();
    auto opened = storage::store::open(settings);
    return opened ? error{} : opened.error();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recovery_tests, fixture)

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
  fs::rename(reader().original_path(r), staged);
  fs::remove(root() / "users/ann/originals/beach.jpg");
  open();
  CAF_CHECK(!fs::exists(staged));
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a name in staging of what the store still has goes) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK(store->finish_syncs());
  fs::create_hard_link(reader().original_path(r), reader().staging_path(r.id));
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
  CAF_CHECK_EQUAL(read(reader().original_path(b)), "sand");
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
  fs::remove(reader().original_path(r));
  fs::remove(reader().preview_path(r));
  open();
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(a store without its database is not emptied but refused) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto kept = reader().original_path(r);
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
  for (int i = 0; i < 1100; ++i) {
    auto name = std::to_string(i);
    name = std::string(64 - name.size(), 'a') + name;
    write(root() / storage::blob_place(name).path(), "x");
  }
  CAF_CHECK(refusal().code == errc::conflict);
  CAF_CHECK(fs::exists(root() / storage::blob_place(std::string(60, 'a') + "1099").path()));
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

CAF_TEST(ten thousand records and a thousand open uploads are reconciled in under two seconds) {
  const auto model = finished("ann", "model", "sand");
  begin_uploads(1'000);
  store.reset();
  add_records_like(model, 10'000);
  const auto start = std::chrono::steady_clock::now();
  open();
  const auto took = std::chrono::steady_clock::now() - start;
  CAF_CHECK(took < std::chrono::seconds{2});
  storage::list_query q;
  q.user = id_of("ann");
  CAF_CHECK_EQUAL(reader().list(q).value().files.size(), 50u);
  CAF_CHECK_EQUAL(reader().find_usage(id_of("ann")).value().files, 10'001u);
  CAF_CHECK_EQUAL(reader().find_usage(id_of("bob")).value().open_uploads, 1'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
