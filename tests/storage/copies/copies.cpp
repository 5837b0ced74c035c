#define CAF_SUITE storage_copies

#include "storage/copies/copies.hpp"

#include "storage/catalog/database.hpp"
#include "storage/store.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>

using namespace mediad;
using tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  fs::path copies() const {
    return root() / "system/copies";
  }

  /// A copy with the name of an earlier time; its database is a text.
  void leave_copy(const std::string& name) const {
    fs::create_directories(copies() / name);
    write(copies() / name / "data.mdb", "once good");
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& copy : storage::find_copies(root()).value())
      all.push_back(copy.name);
    return all;
  }

  /// The copy in the place of the database.
  storage::view reader_of(const storage::database_copy& copy) {
    fs::remove_all(root() / "system/db");
    fs::copy(copy.folder, root() / "system/db");
    return storage::open_reader(settings).value();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(copies_tests, fixture)

CAF_TEST(a copy has all records and is named by its time) {
  const auto r = finished("ann", "beach.jpg", "sand");
  store.reset();
  const auto copy = storage::make_copy(settings).value();
  CAF_CHECK_EQUAL(storage::time_of_copy(copy.name), copy.made_at);
  CAF_CHECK(now_ms() - copy.made_at < 60'000);
  CAF_CHECK(storage::check_copy(copy));
  const auto seen = reader_of(copy).find(r.id).value();
  CAF_CHECK_EQUAL(seen.name, "beach.jpg");
  CAF_CHECK(seen.state == status::ready);
}

CAF_TEST(the oldest copies go once there are more than are kept) {
  for (const auto* name : {"20250101T000000Z", "20250102T000000Z", "20250103T000000Z"})
    leave_copy(name);
  store.reset();
  const auto copy = storage::make_copy(settings).value();
  CAF_CHECK_EQUAL(names(),
                  (std::vector<std::string>{"20250102T000000Z", "20250103T000000Z", copy.name}));
}

CAF_TEST(a copy that was just made stays though the clock has stepped back) {
  settings.database_copies = 1;
  leave_copy("20990101T000000Z");
  store.reset();
  const auto copy = storage::make_copy(settings).value();
  CAF_CHECK_EQUAL(names(), (std::vector<std::string>{copy.name}));
}

CAF_TEST(without room no copy is made and none is dropped) {
  settings.database_copies = 1;
  leave_copy("20250101T000000Z");
  store.reset();
  settings.min_free_bytes = std::uint64_t{1} << 60U;
  const auto refused = storage::make_copy(settings);
  CAF_CHECK(code_of(refused) == errc::storage_full);
  CAF_CHECK(refused.error().detail.find("storage.min_free") != std::string::npos);
  CAF_CHECK_EQUAL(names(), (std::vector<std::string>{"20250101T000000Z"}));
}

CAF_TEST(a damaged database is not copied and no copy is dropped) {
  settings.database_copies = 1;
  leave_copy("20250101T000000Z");
  for (int i = 0; i < 100; ++i)
    upload("ann", "beach.jpg", std::string(500, 'x'));
  store.reset();
  fs::resize_file(root() / "system/db/data.mdb", fs::file_size(root() / "system/db/data.mdb") / 2);
  CAF_CHECK(code_of(storage::make_copy(settings)) == errc::storage_io);
  CAF_CHECK_EQUAL(names(), (std::vector<std::string>{"20250101T000000Z"}));
}

CAF_TEST(what a killed process left of a copy is no copy and goes with the next) {
  leave_copy("new");
  store.reset();
  CAF_CHECK(names().empty());
  const auto copy = storage::make_copy(settings).value();
  CAF_CHECK_EQUAL(names(), (std::vector<std::string>{copy.name}));
  CAF_CHECK(!fs::exists(copies() / "new"));
}

CAF_TEST(a copy that was cut short is noticed) {
  for (int i = 0; i < 100; ++i)
    upload("ann", "beach.jpg", std::string(500, 'x'));
  store.reset();
  const auto copy = storage::make_copy(settings).value();
  fs::resize_file(copy.folder / "data.mdb", fs::file_size(copy.folder / "data.mdb") / 2);
  CAF_CHECK(code_of(storage::check_copy(copy)) == errc::storage_io);
}

CAF_TEST(without a database there is nothing to copy) {
  store.reset();
  fs::remove_all(root() / "system/db");
  CAF_CHECK(code_of(storage::make_copy(settings)) == errc::not_found);
}

CAF_TEST(only times are names of copies) {
  CAF_CHECK(storage::time_of_copy("20261129T004611Z") > 0);
  for (const auto* name : {"", "new", "20261129T004611", "20261329T004611Z", "2026-11-29T00:46:11Z",
                           "20261129 004611Z"})
    CAF_CHECK_EQUAL(storage::time_of_copy(name), 0);
}

CAF_TEST(a migration keeps the database as it was) {
  store.reset();
  fs::remove_all(root() / "system");
  const auto unpacked =
    "tar -xJf '" MEDIAD_SCHEMA1_DATA "/data.tar.xz' -C '" + root().string() + "'";
  CAF_REQUIRE_EQUAL(std::system(unpacked.c_str()), 0);
  const auto whole = [](const fs::path& folder) {
    return read_file(folder / "data.mdb", std::size_t{64} << 20U).value();
  };
  const auto before = whole(root() / "system/db");
  store.emplace(std::move(storage::store::open(settings).value()));
  const auto kept = storage::find_copies(root()).value();
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_CHECK(whole(kept.front().folder) == before);
  CAF_CHECK(storage::check_copy(kept.front()));
}

CAF_TEST(a migration that fails keeps nothing) {
  store.reset();
  const auto failed =
    storage::keep_replaced(settings, [] { return result<>{fail(errc::storage_full, "no room")}; });
  CAF_CHECK(code_of(failed) == errc::storage_full);
  CAF_CHECK(fs::is_empty(copies()));
}

CAF_TEST_FIXTURE_SCOPE_END()
