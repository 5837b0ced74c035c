#define CAF_SUITE storage_store

#include "storage/store.hpp"

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <sys/stat.h>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  /// Uploads one more file of this name and gives the name of its link.
  std::string link_of(const std::string& user, const std::string& name) {
    return upload(user, name, "sand").link_name;
  }

  /// Changes that begin @p count uploads of user ann.
  std::vector<storage::change> many_new(std::size_t count) const {
    return std::vector<storage::change>(count, storage::new_upload{id_of("ann"), "f"});
  }

  /// Takes in groups of 64 until one is refused; gives what was taken in.
  std::vector<std::string> fill_the_map() {
    std::vector<std::string> ids;
    for (bool full = false; !full;)
      for (const auto& done : apply_all(many_new(64))) {
        full = full || code_of(done) == errc::storage_full;
        if (done)
          ids.push_back(done->record.id);
      }
    return ids;
  }
};

mode_t mode_of(const fs::path& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 ? about.st_mode & ALLPERMS : 0;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_tests, fixture)

CAF_TEST(an arrived file is in the store once and under its name in the folder of its user) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK(r.state == status::registered);
  CAF_CHECK_EQUAL(r.link_name, "beach.jpg");
  const auto shown = root() / "users/ann/originals/beach.jpg";
  CAF_CHECK_EQUAL(read(shown), "sand");
  CAF_CHECK(fs::equivalent(shown, original_path(r)));
  CAF_CHECK_EQUAL(mode_of(shown), 0440u);
  CAF_CHECK_EQUAL(tree(), promised());
  const auto stored = find(r.id);
  CAF_CHECK_EQUAL(stored.sha256, r.sha256);
  CAF_CHECK_EQUAL(stored.bytes, 4u);
  CAF_CHECK_EQUAL(stored.media, R"({"width":4})");
}

CAF_TEST(a file keeps its own date) {
  constexpr unix_ms date = -86'400'123; // the last but one day of 1969
  storage::new_upload dated{id_of("ann"), "beach.jpg"};
  dated.modified_at = date;
  const auto begun = apply(dated).value().record;
  write(reader().staging_path(begun.id), "sand");
  const auto r = apply(arrival_of(begun, "sand")).value().record;
  CAF_CHECK_EQUAL(r.modified_at, date);
  CAF_CHECK_EQUAL(find(r.id).modified_at, date);
  CAF_CHECK_EQUAL(reader().open_original(r).value().modified, date);
  // Bytes that are there already keep the date that they have on disk.
  dated.modified_at = date + 1'000;
  const auto again = apply(dated).value().record;
  write(reader().staging_path(again.id), "sand");
  CAF_CHECK_EQUAL(apply(arrival_of(again, "sand")).value().record.modified_at, date + 1'000);
  CAF_CHECK_EQUAL(reader().open_original(r).value().modified, date);
}

CAF_TEST(a file of no bytes is a file) {
  const auto r = upload("ann", "empty", "");
  CAF_CHECK_EQUAL(r.bytes, 0u);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(arriving twice answers the same and announces nothing) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto again = apply(arrival_of(r, "sand"));
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(again->record.seq, r.seq);
  CAF_CHECK(!again->event);
  CAF_CHECK(code_of(apply(arrival_of(r, "mud"))) == errc::conflict);
}

CAF_TEST(a body of another length than promised is refused and may be corrected) {
  const auto r = begin("ann", "beach.jpg", "sand and sea");
  CAF_CHECK(code_of(apply(arrival_of(r, "sand"))) == errc::storage_io);
  CAF_CHECK(find(r.id).state == status::receiving);
  CAF_CHECK(apply(arrival_of(r, "sand and sea")));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a symlink in staging is not taken in) {
  const auto r = begin("ann", "beach.jpg", "");
  fs::remove(reader().staging_path(r.id));
  write(root() / "secret", "sand");
  fs::create_symlink(root() / "secret", reader().staging_path(r.id));
  CAF_CHECK(!apply(arrival_of(r, "sand")));
  CAF_CHECK(find(r.id).state == status::receiving);
  fs::remove(root() / "secret");
}

CAF_TEST(the same bytes of two users are stored once) {
  const auto a = upload("ann", "beach.jpg", "sand");
  const auto b = upload("bob", "desert.jpg", "sand");
  CAF_CHECK(fs::equivalent(root() / "users/ann/originals/beach.jpg",
                           root() / "users/bob/originals/desert.jpg"));
  CAF_CHECK(store->finish_syncs());
  CAF_CHECK_EQUAL(fs::hard_link_count(original_path(a)), 3u);
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(b.sha256, a.sha256);
}

CAF_TEST(deleting a file leaves the same bytes of another user) {
  const auto a = finished("ann", "beach.jpg", "sand");
  const auto b = finished("bob", "beach.jpg", "sand");
  const auto gone = apply(storage::removal{a.id});
  CAF_REQUIRE(gone);
  CAF_CHECK(code_of(apply(storage::removal{a.id})) == errc::not_found);
  CAF_CHECK_EQUAL(read(original_path(b)), "sand");
  CAF_CHECK_EQUAL(read(root() / "users/bob/renditions/beach.jpg/w320.webp"), "sand320");
  CAF_CHECK(!fs::exists(root() / "users/ann/renditions/beach.jpg"));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(the bytes go with their last user) {
  const auto a = upload("ann", "beach.jpg", "sand");
  const auto b = upload("ann", "desert.jpg", "sand");
  CAF_CHECK(apply(storage::removal{a.id}));
  CAF_CHECK(apply(storage::removal{b.id}));
  CAF_CHECK(tree().empty());
}

CAF_TEST(bytes that go and come back in one group stay) {
  const auto a = upload("ann", "beach.jpg", "sand");
  const auto b = begin("ann", "desert.jpg", "sand");
  const auto done = apply_all({storage::removal{a.id}, arrival_of(b, "sand")});
  CAF_CHECK(done.at(0) && done.at(1));
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/desert.jpg"), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an upload that is given up leaves nothing and is not announced) {
  const auto r = begin("ann", "beach.jpg", "sa");
  const auto gone = apply(storage::removal{r.id});
  CAF_REQUIRE(gone);
  CAF_CHECK(!gone->event);
  CAF_CHECK(tree().empty());
  CAF_CHECK_EQUAL(history(), "");
}

CAF_TEST(files of one name get numbers) {
  CAF_CHECK_EQUAL(link_of("ann", "beach.jpg"), "beach.jpg");
  CAF_CHECK_EQUAL(link_of("ann", "beach.jpg"), "beach (2).jpg");
  const auto third = upload("ann", "beach.jpg", "3");
  CAF_CHECK_EQUAL(third.link_name, "beach (3).jpg");
  CAF_CHECK_EQUAL(third.name, "beach.jpg");
  CAF_CHECK_EQUAL(link_of("bob", "beach.jpg"), "beach.jpg");
  for (int i = 4; i < 20; ++i)
    upload("ann", "beach.jpg", "x");
  CAF_CHECK_EQUAL(link_of("ann", "beach.jpg"), "beach (20).jpg");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a file that a person put there keeps its name) {
  upload("ann", "first", "x");
  write(root() / "users/ann/originals/beach.jpg", "mine");
  CAF_CHECK_EQUAL(link_of("ann", "beach.jpg"), "beach (2).jpg");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "mine");
}

CAF_TEST(a hostile name is data and stays in the folder) {
  const auto r = upload("ann", "../../../system/db/data.mdb", "x");
  CAF_CHECK_EQUAL(r.name, "......systemdbdata.mdb");
  const auto dots = upload("ann", "..", "y");
  CAF_CHECK_EQUAL(dots.link_name, "unnamed");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a user whose name is no folder is refused) {
  for (const auto* user : {"", "..", "a/b", ".hidden"})
    CAF_CHECK(code_of(apply(storage::new_user{user})) == errc::bad_request);
  CAF_CHECK(tree().empty());
}

CAF_TEST(a symlink in the place of a folder of a user redirects nothing) {
  upload("ann", "first", "x");
  const tests::temp_root outside;
  fs::remove_all(root() / "users/ann/originals");
  fs::create_directory_symlink(outside.path, root() / "users/ann/originals");
  const auto r = begin("ann", "beach.jpg", "sand");
  const auto refused = apply(arrival_of(r, "sand"));
  CAF_CHECK(code_of(refused) == errc::storage_io);
  CAF_CHECK(fs::is_empty(outside.path));
  CAF_CHECK(find(r.id).state == status::receiving);
  CAF_CHECK(fs::exists(reader().staging_path(r.id)));
}

CAF_TEST(a change that fails leaves no trace and the others of its group go on) {
  const auto a = begin("ann", "a", "sand");
  const auto b = begin("ann", "b", "mud");
  auto wrong = arrival_of(b, "mud");
  wrong.bytes = 99;
  storage::transition too_early;
  too_early.id = b.id;
  const auto done =
    apply_all({wrong, arrival_of(a, "sand"), too_early, storage::notice{"", "hello"}});
  CAF_CHECK(code_of(done.at(0)) == errc::storage_io);
  CAF_CHECK(done.at(1));
  CAF_CHECK(code_of(done.at(2)) == errc::conflict);
  CAF_CHECK(done.at(3));
  CAF_CHECK_EQUAL(history(), "1 file.registered\n2 notice\n");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a blob that was damaged heals when the same bytes arrive again) {
  const auto a = upload("ann", "a", "sand");
  fs::remove(original_path(a));
  const auto b = upload("ann", "b", "sand");
  CAF_CHECK_EQUAL(read(original_path(b)), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a file with as many links as there can be is copied) {
  const auto a = upload("ann", "a", "sand");
  const auto stored = original_path(a);
  const auto crowd = root() / "system/quarantine";
  constexpr int beyond_ext4 = 65'100;
  std::error_code full;
  for (int i = 0; i < beyond_ext4 && !full; ++i)
    fs::create_hard_link(stored, crowd / std::to_string(i), full);
  const auto b = upload("ann", "b", "sand");
  const auto shown = root() / storage::original_link(b).path();
  CAF_CHECK_EQUAL(read(shown), "sand");
  CAF_CHECK_EQUAL(mode_of(shown), 0440u);
  CAF_CHECK_EQUAL(fs::equivalent(shown, stored), !full);
  fs::remove_all(crowd);
  open();
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK(apply(storage::removal{b.id}));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a full map refuses uploads and everything else goes on) {
  settings.map_bytes = std::size_t{1} << 20U;
  open();
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto ids = fill_the_map();
  CAF_CHECK(ids.size() > 100);
  CAF_CHECK(find(ids.back()).state == status::receiving);
  CAF_CHECK(go(r.id, status::processing));
  CAF_CHECK(apply(outcome_of(r.id, "sand")));
  const auto refused = std::count_if(
    ids.begin(), ids.end(), [this](const auto& id) { return !apply(storage::removal{id}); });
  CAF_CHECK_EQUAL(refused, 0);
  CAF_CHECK(apply(storage::new_upload{id_of("ann"), "again"}));
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(too little free space refuses uploads) {
  const auto r = upload("ann", "beach.jpg", "sand");
  settings.min_free_bytes = std::uint64_t{1} << 60U;
  open();
  CAF_CHECK(code_of(apply(storage::new_upload{id_of("ann"), "x"})) == errc::storage_full);
  CAF_CHECK(apply(storage::removal{r.id}));
}

CAF_TEST(a second writer is refused with a word about the first) {
  const auto second = storage::store::open(settings);
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().code == errc::busy);
  CAF_CHECK(second.error().detail.find("another process") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
