#define CAF_SUITE storage_recovery_leaving

#include "base/ulid.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <random>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

constexpr int files_of_each = 6;

/// ann and bob have files, some of them with the same bytes; bob leaves, in a process that is
/// killed.
struct fixture : tests::scene {
  std::mt19937 random{std::random_device{}()};
  std::string ann;
  std::string bob;
  std::set<std::string> of_bob; ///< Ids of the files.

  /// A root without what the round before has left.
  void begin() {
    store.reset();
    settings.root = tests::cleared_root();
    open();
    ann = id_of("ann");
    bob = id_of("bob");
    of_bob.clear();
    storage::new_user admin{"ann", true};
    admin.role = user_role::admin;
    admin.takes_over = "ann";
    admin.password = "hash";
    apply(admin).value();
    const auto trip = apply(storage::new_folder{bob, {}, "trip"}).value().id;
    for (int i = 0; i < files_of_each; ++i) {
      const auto number = std::to_string(i);
      finished("ann", number + ".jpg", i % 2 == 0 ? "shared " + number : "ann's " + number);
      of_bob.insert(finished("bob", number + ".jpg", "shared " + number).id);
    }
    storage::new_upload later{bob, "later.jpg"};
    later.folder = trip;
    later.resumable = true;
    later.length = 8;
    later.terms.expires_at = now_ms() + 86'400'000;
    of_bob.insert(apply(later).value().record.id);
  }

  /// Opens the store, says so, and removes bob, unless it is killed before that.
  [[noreturn]] void leave(const std::string& heir, int out) {
    auto own = storage::store::open(settings);
    if (!own || ::write(out, "!", 1) != 1)
      ::_exit(1);
    static_cast<void>(own->apply_one(storage::user_removal{bob, heir}));
    for (;;) {
      const auto done = own->apply_one(storage::user_clearance{1});
      if (!done || done->removed == 0)
        ::_exit(done ? 0 : 1);
    }
  }

  /// The first round ends by itself, so that there is one at least that is not killed too early.
  void leave_and_be_killed(const std::string& heir, int round) {
    store.reset();
    int ends[2] = {-1, -1};
    CAF_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto child = ::fork();
    if (child == 0)
      leave(heir, ends[1]);
    char ready = 0;
    CAF_REQUIRE(::read(ends[0], &ready, 1) == 1);
    ::close(ends[0]);
    ::close(ends[1]);
    pollfd nothing{-1, 0, 0};
    const timespec moment{0, static_cast<long>(random() % 30'000'000)};
    if (round > 0 && ::ppoll(&nothing, 1, &moment, nullptr) == 0)
      ::kill(child, SIGKILL);
    int how = 0;
    ::waitpid(child, &how, 0);
    store.emplace(std::move(storage::store::open(settings).value()));
  }

  std::size_t files_of(const std::string& user) const {
    storage::list_query q;
    q.user = user;
    q.limit = 500;
    return reader().list(q).value().files.size();
  }
  std::string owner_of(const std::string& file) const {
    return find(file).user;
  }
  bool is_user(const std::string& id) const {
    return reader().find_user_by_id(id).has_value();
  }
  std::uint64_t open_uploads(const std::string& user) const {
    return reader().find_usage(user).value().open_uploads;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(leaving_crash_tests, fixture)

CAF_TEST(a removal with its files that was killed has not begun or is finished by the next start) {
  int begun = 0;
  int kept = 0;
  for (int round = 0; round < 15; ++round) {
    begin();
    leave_and_be_killed({}, round);
    if (is_user(bob)) {
      ++kept;
      CAF_CHECK(reader().find_user_by_id(bob)->leaving_since == 0);
      CAF_CHECK_EQUAL(files_of(bob), of_bob.size());
    } else {
      ++begun;
      CAF_CHECK_EQUAL(files_of(bob), 0u);
      CAF_CHECK(!fs::exists(root() / "users/bob"));
      for (const auto& id : of_bob)
        CAF_CHECK(!reader().find(id));
    }
    CAF_CHECK_EQUAL(files_of(ann), std::size_t{files_of_each});
    CAF_CHECK_EQUAL(tree(), promised());
  }
  CAF_MESSAGE(begun << " begun, " << kept << " not");
  CAF_CHECK(begun > 0);
}

CAF_TEST(a handing over that was killed has happened wholly or not at all) {
  int given = 0;
  int kept = 0;
  for (int round = 0; round < 15; ++round) {
    begin();
    leave_and_be_killed(ann, round);
    const bool has_left = !is_user(bob);
    (has_left ? given : kept) += 1;
    const auto owner = has_left ? ann : bob;
    for (const auto& id : of_bob)
      CAF_CHECK_EQUAL(owner_of(id), owner);
    CAF_CHECK_EQUAL(files_of(has_left ? ann : bob), of_bob.size() + (has_left ? files_of_each : 0));
    CAF_CHECK_EQUAL(open_uploads(owner), 1u);
    CAF_CHECK_EQUAL(fs::exists(root() / "users/bob"), !has_left);
    CAF_CHECK_EQUAL(fs::exists(root() / "users/ann/originals/bob"), has_left);
    CAF_CHECK_EQUAL(tree(), promised());
  }
  CAF_MESSAGE(given << " given, " << kept << " not");
  CAF_CHECK(given > 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
