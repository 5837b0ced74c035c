#define CAF_SUITE actors_sweeper

#include "actors/sweeper.hpp"

#include "tests/actors/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  storage_log stored;
  sweeper_actor sweeper;

  fixture() {
    actors::sweeper_settings s;
    s.interval = 1min;
    sweeper = actors::spawn_sweeper(sys, s, fake_storage(sys, stored));
    settle();
  }

  ~fixture() {
    self->send_exit(sweeper, caf::exit_reason::user_shutdown);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sweeper_tests, fixture)

CAF_TEST(nothing is swept before the first interval is over) {
  after(59s);
  CAF_CHECK_EQUAL(stored.sweeps, 0u);
  after(1s);
  CAF_CHECK_EQUAL(stored.sweeps, 1u);
}

CAF_TEST(there is one sweep per interval) {
  for (int i = 0; i < 10; ++i)
    after(30s);
  CAF_CHECK_EQUAL(stored.sweeps, 5u);
}

CAF_TEST(credentials that have expired are swept as often) {
  for (int i = 0; i < 10; ++i)
    after(30s);
  CAF_CHECK_EQUAL(stored.credential_sweeps, 5u);
}

CAF_TEST(what has been in the trash for too long goes as often) {
  for (int i = 0; i < 10; ++i)
    after(30s);
  CAF_CHECK_EQUAL(stored.trash_clearances, 5u);
}

CAF_TEST(a sweep that is asked for comes at once and changes no other) {
  after(30s);
  self->send(sweeper, sweep_atom_v);
  settle();
  CAF_CHECK_EQUAL(stored.sweeps, 1u);
  after(30s);
  CAF_CHECK_EQUAL(stored.sweeps, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
