#define CAF_SUITE actors_copier

#include "actors/copier.hpp"

#include "tests/actors/fixture.hpp"
#include "tests/temp_root.hpp"

#include <csignal>
#include <fstream>
#include <sys/wait.h>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  temp_root folder;
  std::shared_ptr<metrics::registry> numbers = std::make_shared<metrics::registry>();
  unix_ms newest = 0;
  copier_actor copier;

  ~fixture() {
    end();
  }

  void end() {
    caf::anon_send_exit(copier, caf::exit_reason::user_shutdown);
    copier = nullptr;
    settle();
  }

  /// @param script  what makes a copy; it has the test's folder as its argument.
  void start(const std::string& script, std::chrono::milliseconds interval = 24h) {
    actors::copier_settings s;
    s.interval = interval;
    actors::copier_deps deps;
    deps.command = {"/bin/sh", "-c", script, "sh", folder.path.string()};
    deps.newest = [this] {
      return newest;
    };
    deps.metrics = numbers;
    copier = actors::spawn_copier(sys, s, std::move(deps));
    settle();
  }

  /// Waits until the process that makes a copy has ended, and lets the copier see it.
  void let_it_end() {
    siginfo_t about{};
    CAF_REQUIRE_EQUAL(::waitid(P_ALL, 0, &about, WEXITED | WNOWAIT), 0);
    after(100ms);
  }

  std::uint64_t count(const char* result) const {
    return numbers->value("mediad_database_copies_total", {{"result", result}});
  }

  bool is_begun() const {
    siginfo_t about{};
    return ::waitid(P_ALL, 0, &about, WEXITED | WNOWAIT | WNOHANG) == 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(copier_tests, fixture)

CAF_TEST(the first copy is made some minutes after the start) {
  start("echo made >\"$1/copy\"");
  after(4min);
  CAF_CHECK(!is_begun());
  after(1min);
  let_it_end();
  CAF_CHECK(std::filesystem::exists(folder.path / "copy"));
  CAF_CHECK_EQUAL(count("made"), 1u);
}

CAF_TEST(a copy is due one interval after the newest one also over a restart) {
  newest = now_ms() - unix_ms{23} * 3'600'000;
  start("true");
  CAF_CHECK_EQUAL(numbers->value("mediad_database_copy_time_seconds"),
                  static_cast<std::uint64_t>(newest / 1000));
  after(58min);
  CAF_CHECK(!is_begun());
  after(3min);
  let_it_end();
  newest = now_ms();
  after(23h);
  CAF_CHECK_EQUAL(count("made"), 1u);
}

CAF_TEST(a copy that failed is tried again within the hour) {
  start("echo 'mediad: no room' >&2; exit 1");
  after(5min);
  let_it_end();
  CAF_CHECK_EQUAL(count("failed"), 1u);
  after(59min);
  CAF_CHECK(!is_begun());
  after(1min);
  let_it_end();
  CAF_CHECK_EQUAL(count("failed"), 2u);
  CAF_CHECK_EQUAL(count("made"), 0u);
}

CAF_TEST(a copy that is asked for comes at once and one at a time) {
  start("echo >>\"$1/copies\"");
  self->send(copier, copy_atom_v);
  self->send(copier, copy_atom_v);
  settle();
  let_it_end();
  CAF_CHECK_EQUAL(std::filesystem::file_size(folder.path / "copies"), 1u);
  CAF_CHECK_EQUAL(count("made"), 1u);
}

CAF_TEST(what makes a copy ends with the copier) {
  start("echo $$ >\"$1/pid.new\"; mv \"$1/pid.new\" \"$1/pid\"; exec sleep 1000");
  self->send(copier, copy_atom_v);
  settle();
  CAF_CHECK(is_begun());
  end();
  CAF_CHECK(!is_begun());
}

CAF_TEST_FIXTURE_SCOPE_END()
