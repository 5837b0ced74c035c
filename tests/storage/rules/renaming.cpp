#define CAF_SUITE storage_rules_renaming

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <atomic>
#include <cstdio>
#include <sys/syscall.h>
#include <unistd.h>

using namespace mediad;

namespace {

/// How often the store has renamed anything.
std::atomic<int> renamings = 0;

} // namespace

/// The C library's, but counted.
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept {
  ++renamings;
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

CAF_TEST_FIXTURE_SCOPE(renaming_tests, tests::scene)

CAF_TEST(a folder with thousands of files costs four renamings) {
  const auto folder = apply(storage::new_folder{id_of("ann"), "", "2026"}).value().id;
  std::vector<storage::change> group;
  for (int i = 0; i < 2'000; ++i) {
    storage::new_upload u{id_of("ann"), "f" + std::to_string(i)};
    u.folder = folder;
    group.emplace_back(std::move(u));
  }
  std::vector<storage::change> arrivals;
  for (const auto& done : apply_all(group)) {
    const auto& r = done.value().record;
    write(reader().staging_path(r.id), r.name);
    arrivals.emplace_back(arrival_of(r, r.name));
  }
  for (const auto& done : apply_all(arrivals))
    done.value();
  renamings = 0;
  CAF_REQUIRE(apply(storage::folder_move{folder, "", "2027"}));
  CAF_CHECK_EQUAL(renamings.load(), 4); // of originals, previews, renditions and archives
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/2027/f1999"), "f1999");
}

CAF_TEST_FIXTURE_SCOPE_END()
