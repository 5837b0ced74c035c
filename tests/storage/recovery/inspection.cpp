#define CAF_SUITE storage_recovery_inspection

#include "storage/recovery/inspection.hpp"

#include "tests/storage/recovery/recovery_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : recovery_fixture {
  fs::path stored(const file_record& r) const {
    return root() / storage::blob_place(r.sha256).path();
  }
  fs::path shown(const file_record& r) const {
    return root() / storage::original_link(r).path();
  }

  /// Gives the store's file an inode of its own, as a restored backup may have it.
  void part(const file_record& r) const {
    const auto bytes = read(stored(r));
    fs::remove(stored(r));
    overwrite(stored(r), bytes);
  }

  static void overwrite(const fs::path& file, const std::string& bytes) {
    if (fs::exists(file))
      fs::permissions(file, fs::perms{0640});
    write(file, bytes);
    fs::permissions(file, fs::perms{0440});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(inspection_tests, fixture)

CAF_TEST(where all is well nothing is found) {
  finished("ann", "beach.jpg", "sand");
  upload("bob", "desert.jpg", "sand");
  const auto before = tree();
  const auto found = inspect(true);
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.files, 2u);
  CAF_CHECK_EQUAL(found.names_made + found.names_removed + found.healed + found.made_again, 0u);
  CAF_CHECK(found.verified_bytes > 4u);
  CAF_CHECK_EQUAL(tree(), before);
}

CAF_TEST(bytes that are missing come back from the name in the folder of the person) {
  const auto r = finished("ann", "beach.jpg", "sand");
  store->finish_syncs().value();
  fs::remove(stored(r));
  const auto found = inspect();
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.healed, 1u);
  CAF_CHECK(fs::equivalent(stored(r), shown(r)));
  CAF_CHECK_EQUAL(read(stored(r)), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(bytes that are cut short come back from a name with an inode of its own) {
  const auto r = finished("ann", "beach.jpg", "sand");
  part(r);
  overwrite(stored(r), "sa");
  const auto found = inspect();
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.healed, 1u);
  CAF_CHECK_EQUAL(read(stored(r)), "sand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a changed byte is found when all are read and comes back) {
  const auto r = finished("ann", "beach.jpg", "sand");
  part(r);
  overwrite(stored(r), "sold");
  CAF_CHECK_EQUAL(inspect().healed, 0u);
  const auto found = inspect(true);
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.healed, 1u);
  CAF_CHECK_EQUAL(read(stored(r)), "sand");
  CAF_CHECK(find(r.id).harm == damage::none);
}

CAF_TEST(a name with other bytes heals nothing) {
  const auto r = finished("ann", "beach.jpg", "sand");
  store->finish_syncs().value();
  fs::remove(stored(r));
  overwrite(shown(r), "sold");
  const auto found = inspect();
  CAF_CHECK(!found.is_well());
  CAF_CHECK_EQUAL(found.lost, 1u);
  CAF_CHECK(!fs::exists(stored(r)));
  CAF_CHECK_EQUAL(read(shown(r)), "sold");
  CAF_CHECK(fs::is_empty(root() / "system/work"));
}

CAF_TEST(what is lost is told by id and name and noted in the record until it is well) {
  const auto r = finished("ann", "beach.jpg", "sand");
  store->finish_syncs().value();
  overwrite(shown(r), "sa");
  CAF_CHECK(fs::equivalent(stored(r), shown(r)));
  const auto found = inspect();
  CAF_CHECK_EQUAL(found.lost, 1u);
  CAF_REQUIRE_EQUAL(found.first_lost.size(), 1u);
  CAF_CHECK_EQUAL(found.first_lost.front().id, r.id);
  CAF_CHECK_EQUAL(found.first_lost.front().name, "beach.jpg");
  CAF_CHECK(found.first_lost.front().what == damage::cut);
  CAF_CHECK(find(r.id).harm == damage::cut);
  CAF_CHECK(find(r.id).state == status::ready);
  // The same bytes arrive again.
  const auto again = upload("bob", "desert.jpg", "sand");
  const auto then = inspect();
  CAF_CHECK(then.is_well());
  CAF_CHECK(find(r.id).harm == damage::none);
  CAF_CHECK_EQUAL(read(stored(again)), "sand");
  CAF_CHECK_EQUAL(read(shown(r)), "sand");
}

CAF_TEST(what was noted as changed is not forgotten by an inspection that reads nothing else) {
  const auto r = finished("ann", "beach.jpg", "sand");
  overwrite(shown(r), "sold");
  CAF_CHECK_EQUAL(inspect(true).lost, 1u);
  CAF_CHECK(find(r.id).harm == damage::changed);
  CAF_CHECK_EQUAL(inspect().lost, 1u);
  overwrite(shown(r), "sand");
  CAF_CHECK(inspect().is_well());
  CAF_CHECK(find(r.id).harm == damage::none);
}

CAF_TEST(the name of another person heals the files of all who share the bytes) {
  const auto a = finished("ann", "beach.jpg", "sand");
  const auto b = upload("bob", "desert.jpg", "sand");
  store->finish_syncs().value();
  // Ann's name leads to the damaged file, bob's to a copy.
  fs::remove(shown(b));
  overwrite(shown(b), "sand");
  overwrite(shown(a), "sa");
  const auto found = inspect();
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.healed, 1u);
  CAF_CHECK_EQUAL(read(shown(a)), "sand");
  CAF_CHECK(fs::equivalent(shown(a), stored(a)));
  CAF_CHECK(find(a.id).harm == damage::none);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a file whose preview is lost is processed again) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::remove(preview_path(r));
  const auto found = inspect();
  CAF_CHECK(found.is_well());
  CAF_CHECK_EQUAL(found.made_again, 1u);
  const auto now = find(r.id);
  CAF_CHECK(now.state == status::registered);
  CAF_CHECK(!now.preview.exists());
  CAF_CHECK_EQUAL(reader().unfinished().value(), std::vector<std::string>{r.id});
  CAF_CHECK_EQUAL(tree(), promised());
  go(r.id, status::processing).value();
  apply(preview_of(r.id, "preview")).value();
  apply(outcome_of(r.id, "sand")).value();
  CAF_CHECK(inspect().is_well());
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a rendition or an archive that is cut short is made again) {
  const auto a = finished("ann", "beach.jpg", "sand");
  const auto b = finished("ann", "desert.jpg", "dust");
  overwrite(rendition_path(a, "w320.webp"), "x");
  overwrite(archive_path(b), "x");
  CAF_CHECK_EQUAL(inspect().made_again, 2u);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a changed byte of a rendition is found when all are read) {
  const auto r = finished("ann", "beach.jpg", "sand");
  overwrite(rendition_path(r, "w320.webp"), "gold320");
  CAF_CHECK_EQUAL(inspect().made_again, 0u);
  CAF_CHECK_EQUAL(inspect(true).made_again, 1u);
}

CAF_TEST(what is made of a file is not made again from bytes that are lost) {
  const auto r = finished("ann", "beach.jpg", "sand");
  overwrite(shown(r), "sa");
  fs::remove(preview_path(r));
  CAF_CHECK_EQUAL(inspect().made_again, 0u);
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(more unknown blobs than a crash leaves are kept and said) {
  finished("ann", "beach.jpg", "sand");
  for (int i = 0; i < 1100; ++i) {
    auto name = std::to_string(i);
    leave(storage::blob_place(std::string(64 - name.size(), 'a') + name), "x");
  }
  const auto found = inspect();
  CAF_CHECK(!found.is_well());
  CAF_CHECK_EQUAL(found.unknown_blobs, 1100u);
  CAF_CHECK(fs::exists(root() / storage::blob_place(std::string(60, 'a') + "1099").path()));
}

CAF_TEST(an upload whose bytes in staging are gone is given up) {
  const auto r = begin("ann", "beach.jpg", "sa");
  fs::remove(reader().staging_path(r.id));
  const auto found = inspect();
  CAF_CHECK(found.is_well());
  CAF_CHECK(code_of(reader().find(r.id)) == errc::not_found);
}

CAF_TEST(an upload under way is left alone) {
  const auto r = begin("ann", "beach.jpg", "sa");
  CAF_CHECK(inspect().is_well());
  CAF_CHECK(apply(arrival_of(r, "sa")));
}

CAF_TEST(an inspection that is asked to end ends) {
  finished("ann", "beach.jpg", "sand");
  std::stop_source ending;
  ending.request_stop();
  CAF_CHECK(code_of(store->inspect({}, ending.get_token())) == errc::cancelled);
}

CAF_TEST_FIXTURE_SCOPE_END()
