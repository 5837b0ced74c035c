#define CAF_SUITE storage_recovery_start

#include "storage/tree/file_steps.hpp"
#include "storage/tree/folders.hpp"
#include "tests/storage/recovery/recovery_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace mediad;
using namespace mediad::tests;

namespace {

/// What a start does before it is ready, without the inspection that follows.
struct fixture : scene {
  /// As if a group had been killed that was about to touch these places.
  void note(const std::vector<storage::place>& places) {
    const auto root_folders = storage::folders::open(root()).value();
    const auto seq = reader().events().value().newest;
    store.reset();
    auto notes = storage::step_notes::begin(root_folders, seq).value();
    for (const auto& where : places)
      notes.add(where);
  }

  void leave(const storage::place& where, const std::string& bytes) const {
    fs::create_directories(root() / where.folder);
    write(root() / where.path(), bytes);
    fs::permissions(root() / where.path(), fs::perms{0440});
  }

  void stop() {
    CAF_CHECK(store->stop());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(start_tests, fixture)

CAF_TEST(what a killed group has left is gone before the server is ready) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto before = tree();
  const std::vector<storage::place> places{storage::blob_place(zeros),
                                           storage::preview_place(unknown_id),
                                           storage::renditions_place(unknown_id),
                                           storage::archive_place(unknown_id),
                                           {"users/ann/originals", "new.jpg"},
                                           {"users/ann/renditions/new.jpg", "w640.webp"},
                                           {"users/ann/renditions", "new.jpg"}};
  for (const auto& where : places)
    if (where.name != unknown_id && where.path() != "users/ann/renditions/new.jpg")
      leave(where, "x");
  leave({storage::renditions_place(unknown_id).path(), "w640.webp"}, "x");
  note(places);
  open();
  CAF_CHECK_EQUAL(tree(), before);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what a killed group had noted and not touched stays) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto before = tree();
  note({storage::blob_place(r.sha256), storage::original_link(r), storage::preview_place(r.id),
        storage::preview_link(r), storage::renditions_place(r.id), storage::renditions_link(r),
        storage::archive_place(r.id), storage::archive_link(r)});
  open();
  CAF_CHECK_EQUAL(tree(), before);
}

CAF_TEST(a name that a killed group had put aside is made again) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::remove(root() / storage::original_link(r).path());
  note({storage::original_link(r)});
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(names that a power cut took from people are made again before the server is ready) {
  finished("ann", "beach.jpg", "sand");
  fs::remove_all(root() / "users/ann");
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(files that a power cut brought back are removed before the server is ready) {
  const auto r = finished("ann", "beach.jpg", "sand");
  apply(storage::removal{r.id}).value();
  leave(storage::blob_place(r.sha256), "sand");
  leave(storage::original_link(r), "sand");
  leave(storage::preview_place(r.id), "x");
  open();
  CAF_CHECK(tree().empty());
}

CAF_TEST(after an orderly stop a start looks at nothing but staging and work) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::remove(root() / storage::original_link(r).path());
  leave({"system/work", "rest"}, "x");
  begin("ann", "half.jpg", "sa");
  stop();
  open();
  CAF_CHECK(!fs::exists(root() / storage::original_link(r).path()));
  CAF_CHECK(!fs::exists(root() / "system/work/rest"));
  CAF_CHECK_EQUAL(reader().find_usage(id_of("ann")).value().files, 1u);
  CAF_CHECK_EQUAL(fs::is_empty(root() / "system/staging"), true);
}

CAF_TEST(a server that is killed after an orderly stop of another did not stop in order) {
  const auto r = finished("ann", "beach.jpg", "sand");
  stop();
  open();
  fs::remove(root() / storage::original_link(r).path());
  open();
  CAF_CHECK(fs::exists(root() / storage::original_link(r).path()));
}

CAF_TEST(without notes all is compared before the server is ready) {
  const auto r = finished("ann", "beach.jpg", "sand");
  leave(storage::blob_place(zeros), "x");
  fs::remove(root() / storage::preview_link(r).path());
  stop();
  fs::remove(root() / "system/steps");
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what a killed group linked into a folder that it renamed goes as well) {
  const auto f = apply(storage::new_folder{id_of("ann"), {}, "album"}).value().id;
  const auto before = tree();
  // The rows know the folder as `album`: the group that renamed it was not committed.
  const auto old_place = storage::place{"users/ann/originals", "album"};
  const auto new_place = storage::place{"users/ann/originals", "travel"};
  fs::rename(root() / old_place.path(), root() / new_place.path());
  leave({new_place.path(), "early.jpg"}, "x");
  leave({new_place.path(), "late.jpg"}, "x");
  note({{old_place.path(), "early.jpg"}, {new_place.path(), "late.jpg"}});
  write(root() / storage::rename_note(1).path(), storage::encode_note({{old_place, new_place}}));
  open();
  CAF_CHECK_EQUAL(tree(), before);
  CAF_CHECK(!f.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
