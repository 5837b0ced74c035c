#define CAF_SUITE storage_restore_places

#include "storage/catalog/catalog.hpp"
#include "tests/storage/restore/restore_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : restore_fixture {
  std::string folder(const std::string& user, const std::string& name,
                     const std::string& parent = {}) {
    return apply(storage::new_folder{id_of(user), parent, name}).value().id;
  }

  file_record upload_into(const std::string& in, const std::string& name,
                          const std::string& bytes) {
    storage::new_upload begun{id_of("ann"), name};
    begun.folder = in;
    const auto r = apply(std::move(begun)).value().record;
    write(reader().staging_path(r.id), bytes);
    return apply(arrival_of(r, bytes)).value().record;
  }

  std::string path_of(const std::string& id) const {
    const auto r = find(id);
    return r.folder_path + "/" + r.link_name;
  }

  std::size_t quarantined() const {
    return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{root() / "system/quarantine"}, {}));
  }

  /// A file that a person or a crash has left, and that the server would take for its own.
  void leave(const std::string& path, const std::string& bytes) const {
    fs::create_directories((root() / path).parent_path());
    write(root() / path, bytes);
    fs::permissions(root() / path, fs::perms{0440});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(places_tests, fixture)

CAF_TEST(folders that came after the copy come back with what is in them) {
  copy();
  const auto summer = folder("ann", "summer", folder("ann", "2026"));
  upload_into(summer, "beach.jpg", "sand");
  folder("ann", "empty");
  restore();
  const auto all = reader().folders(id_of("ann")).value();
  std::set<std::string> paths;
  for (const auto& f : all)
    paths.insert(f.path);
  CAF_CHECK_EQUAL(paths, (std::set<std::string>{"2026", "2026/summer", "empty"}));
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/2026/summer/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a file whose folder was renamed after the copy keeps its id) {
  const auto summer = folder("ann", "summer");
  const auto r = upload_into(summer, "beach.jpg", "sand");
  copy();
  apply(storage::folder_move{summer, {}, "holidays"}).value();
  const auto done = restore();
  CAF_CHECK_EQUAL(done.moved, 1u);
  CAF_CHECK_EQUAL(done.adopted, 0u);
  CAF_CHECK_EQUAL(path_of(r.id), "holidays/beach.jpg");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(users that came after the copy come back with their files) {
  copy();
  const auto dora = store->user_id("dora").value();
  const auto r = apply(storage::new_upload{dora, "beach.jpg"}).value().record;
  write(reader().staging_path(r.id), "sand");
  apply(arrival_of(r, "sand")).value();
  CAF_CHECK_EQUAL(restore().adopted, 1u);
  storage::list_query all;
  all.user = reader().find_user("dora").value();
  CAF_REQUIRE_EQUAL(reader().list(all).value().files.size(), 1u);
  CAF_CHECK_EQUAL(read(root() / "users/dora/originals/beach.jpg"), "sand");
}

CAF_TEST(a user who was renamed after the copy keeps every file) {
  const auto r = finished("ann", "beach.jpg", "sand");
  copy();
  const auto late = upload("ann", "late.jpg", "dune");
  apply(storage::user_rename{id_of("ann"), "annabel"}).value();
  store.reset();
  const auto done = storage::restore_database(settings, {}).value();
  CAF_CHECK_EQUAL(done.known, 1u);
  CAF_CHECK_EQUAL(done.adopted, 1u);
  const auto seen = storage::open_reader(settings).value();
  CAF_CHECK_EQUAL(seen.find(r.id).value().user_name, "annabel");
  CAF_CHECK_EQUAL(late.user, r.user);
}

CAF_TEST(bytes without a name go to quarantine) {
  copy();
  const auto r = upload("ann", "beach.jpg", "sand");
  fs::remove(root() / "users/ann/originals/beach.jpg");
  const auto done = restore();
  CAF_CHECK_EQUAL(done.adopted, 0u);
  CAF_CHECK_EQUAL(done.set_aside, 1u);
  CAF_CHECK_EQUAL(read(root() / "system/quarantine" / r.sha256), "sand");
}

CAF_TEST(an upload that the copy does not know goes to quarantine as far as it came) {
  copy();
  storage::new_upload u{id_of("ann"), "beach.jpg"};
  u.length = 100;
  u.resumable = true;
  const auto id = apply(std::move(u)).value().record.id;
  write(reader().staging_path(id), "sand");
  CAF_CHECK_EQUAL(restore().set_aside, 1u);
  CAF_CHECK_EQUAL(read(root() / "system/quarantine" / id), "sand");
}

CAF_TEST(a name whose bytes the store has lost becomes a blob again) {
  copy();
  const auto r = upload("ann", "beach.jpg", "sand");
  store->finish_syncs().value();
  fs::remove(root() / storage::blob_place(r.sha256).path());
  CAF_CHECK_EQUAL(restore().adopted, 1u);
  CAF_CHECK_EQUAL(read(root() / storage::blob_place(r.sha256).path()), "sand");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a file with its name lost keeps its record and gets its name back) {
  const auto r = upload("ann", "beach.jpg", "sand");
  copy();
  const auto done = restore([&] { fs::remove(root() / "users/ann/originals/beach.jpg"); });
  CAF_CHECK_EQUAL(done.nameless, 1u);
  CAF_CHECK_EQUAL(find(r.id).link_name, "beach.jpg");
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(what is not ours in the folders of people is left alone) {
  copy();
  const auto own = root() / "users/ann/originals/mine.txt";
  fs::create_directories(own.parent_path());
  write(own, "mine");
  CAF_CHECK_EQUAL(restore().adopted, 0u);
  CAF_CHECK_EQUAL(read(own), "mine");
}

CAF_TEST(names that no client could have sent are cleaned on the disk as well) {
  copy();
  leave("users/ann/originals/two\nlines.txt", "sand");
  leave("users/ann/originals/\xFFodd", "dune");
  CAF_CHECK_EQUAL(restore().adopted, 2u);
  CAF_CHECK(find_named("ann", "twolines.txt"));
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a file and a folder that have changed places since the copy get along) {
  const auto file = upload("ann", "place", "sand");
  const auto in = folder("ann", "other");
  const auto inside = upload_into(in, "beach.jpg", "dune");
  copy();
  apply(storage::removal{file.id}).value();
  apply(storage::folder_move{in, {}, "place"}).value();
  upload("ann", "other", "sea");
  const auto done = restore();
  CAF_CHECK_EQUAL(done.removed, 1u);
  CAF_CHECK_EQUAL(path_of(inside.id), "place/beach.jpg");
  CAF_CHECK_EQUAL(done.adopted, 1u);
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(names that differ by case alone get along) {
  const auto old = upload("ann", "beach.jpg", "sand");
  copy();
  apply(storage::removal{old.id}).value();
  upload("ann", "Beach.jpg", "dune");
  restore();
  CAF_CHECK_EQUAL(find_named("ann", "Beach.jpg").value().bytes, 4u);
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST(a restore of a database that lacks nothing changes no record) {
  const auto r = finished("ann", "beach.jpg", "sand");
  copy();
  const auto done = restore();
  CAF_CHECK_EQUAL(done.known, 1u);
  CAF_CHECK_EQUAL(done.adopted + done.moved + done.removed + done.set_aside + done.nameless, 0u);
  CAF_CHECK(find(r.id).state == status::ready);
  CAF_CHECK_EQUAL(files(), promised());
}

CAF_TEST_FIXTURE_SCOPE_END()
