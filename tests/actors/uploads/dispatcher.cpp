#define CAF_SUITE actors_uploads_dispatcher

#include "actors/uploads/dispatcher.hpp"

#include "tests/actors/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : actor_fixture {
  storage_log stored;
  upload_log upload;
  std::vector<upload_actor> made;
  std::map<std::string, file_record> files;
  std::vector<std::string> unfinished;
  actors::processing_settings settings;
  dispatcher_actor dispatcher;

  ~fixture() {
    caf::anon_send_exit(dispatcher, caf::exit_reason::user_shutdown);
    dispatcher = nullptr;
    made.clear();
    settle();
  }

  void start() {
    actors::dispatcher_deps deps;
    deps.storage = fake_storage(sys, stored);
    deps.unfinished = unfinished;
    deps.make_upload = [this] {
      return made.emplace_back(fake_upload(sys, upload));
    };
    deps.find = [this](const std::string& id) -> result<file_record> {
      const auto known = files.find(id);
      if (known == files.end())
        return fail(errc::not_found, id);
      return known->second;
    };
    dispatcher = actors::spawn_dispatcher(sys, settings, deps);
    settle();
  }

  bool is_admitted(const std::string& user) {
    const auto answer = ask<caf::ok_atom>(dispatcher, admit_atom_v, user);
    CAF_REQUIRE(*answer);
    CAF_CHECK(**answer || (*answer)->error().code == errc::busy);
    return (*answer)->has_value();
  }

  void remember(const std::string& id, status state, std::uint32_t attempt = 0,
                const std::string& user = "ann") {
    file_record r;
    r.id = id;
    r.user = user;
    r.state = state;
    r.attempt = attempt;
    files[id] = r;
  }

  auto accept(const std::string& id, const std::string& user = "ann") {
    received_body body;
    body.id = id;
    body.user = user;
    return ask<file_record>(dispatcher, accept_atom_v, body);
  }

  void end(const upload_actor& one) {
    self->send(caf::actor_cast<caf::actor>(one), caf::close_atom_v);
    settle();
  }

  void crash(const upload_actor& one) {
    self->send_exit(one, caf::exit_reason::unhandled_exception);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_tests, fixture)

CAF_TEST(every accepted body gets a supervisor of its own) {
  start();
  const auto a = accept("a");
  accept("b");
  CAF_CHECK_EQUAL(made.size(), 2u);
  CAF_REQUIRE(*a);
  CAF_CHECK_EQUAL((**a)->id, "a");
}

CAF_TEST(accepting an id twice is harmless) {
  start();
  remember("a", status::registered);
  accept("a");
  const auto again = accept("a");
  CAF_CHECK_EQUAL(made.size(), 1u);
  CAF_REQUIRE(*again);
  CAF_CHECK((**again)->state == status::registered);
}

CAF_TEST(a full backlog refuses uploads until one has ended) {
  settings.max_backlog = 1;
  start();
  accept("a");
  CAF_CHECK(!is_admitted("ann"));
  end(made[0]);
  CAF_CHECK(is_admitted("ann"));
}

CAF_TEST(a full backlog refuses no user who has less than an equal share of it) {
  settings.max_backlog = 6;
  start();
  for (const auto* id : {"1", "2", "3", "4", "5", "6"})
    accept(id, "ann");
  CAF_CHECK(!is_admitted("ann"));
  for (const auto* id : {"b1", "b2", "b3"}) {
    CAF_CHECK(is_admitted("bob"));
    accept(id, "bob");
  }
  CAF_CHECK(!is_admitted("bob")); // three of six
  CAF_CHECK(is_admitted("cid"));
  CAF_CHECK(is_admitted("")); // as one who has none
  for (std::size_t i = 0; i < 4; ++i)
    end(made[i]);
  CAF_CHECK(is_admitted("ann")); // five in all
}

CAF_TEST(a user alone may fill the whole backlog) {
  settings.max_backlog = 3;
  start();
  for (const auto* id : {"1", "2", "3"}) {
    CAF_CHECK(is_admitted("ann"));
    accept(id);
  }
  CAF_CHECK(!is_admitted("ann"));
}

CAF_TEST(a start takes up the files of users in turn) {
  settings.max_backlog = 8;
  unfinished = {"a1", "a2", "a3", "a4", "a5", "b1", "b2"};
  for (const auto& id : unfinished)
    remember(id, status::registered, 0, id.front() == 'a' ? "ann" : "bob");
  start();
  std::vector<std::string> taken;
  for (const auto& r : upload.processed)
    taken.push_back(r.id);
  const std::vector<std::string> in_turn{"a1", "b1", "a2", "b2"};
  CAF_CHECK_EQUAL(taken, in_turn);
  end(made[0]);
  CAF_REQUIRE_EQUAL(upload.processed.size(), 5u);
  CAF_CHECK_EQUAL(upload.processed[4].id, "a3");
}

CAF_TEST(a start takes up every unfinished file and no finished one) {
  unfinished = {"a", "b", "c"};
  remember("a", status::registered);
  remember("b", status::processing, 2);
  remember("c", status::ready);
  start();
  CAF_REQUIRE_EQUAL(upload.processed.size(), 2u);
  CAF_CHECK_EQUAL(upload.processed[1].id, "b");
  CAF_CHECK_EQUAL(upload.processed[1].attempt, 2u);
}

CAF_TEST(a start takes up half a backlog at once and the others as these end) {
  settings.max_backlog = 4;
  unfinished = {"a", "b", "c", "d", "e"};
  for (const auto& id : unfinished)
    remember(id, status::registered);
  start();
  CAF_CHECK_EQUAL(upload.processed.size(), 2u);
  CAF_CHECK(is_admitted("ann"));
  files.erase("c"); // Its user removes it before its turn.
  end(made[0]);
  CAF_REQUIRE_EQUAL(upload.processed.size(), 3u);
  CAF_CHECK_EQUAL(upload.processed[2].id, "d");
  end(made[1]);
  end(made[2]);
  CAF_CHECK_EQUAL(upload.processed.size(), 4u);
}

CAF_TEST(a supervisor that dies is rebuilt once and then the file fails) {
  start();
  accept("a");
  remember("a", status::processing, 1);
  crash(made[0]);
  CAF_REQUIRE_EQUAL(made.size(), 2u);
  CAF_CHECK_EQUAL(upload.processed.size(), 1u);
  CAF_CHECK(stored.transitions.empty());
  crash(made[1]);
  CAF_CHECK_EQUAL(made.size(), 2u);
  CAF_REQUIRE_EQUAL(stored.transitions.size(), 1u);
  CAF_CHECK(stored.transitions[0].to == status::failed);
  CAF_CHECK_EQUAL(stored.transitions[0].failure.code, "internal");
}

CAF_TEST(a supervisor that ended in peace is not rebuilt) {
  start();
  accept("a");
  remember("a", status::ready);
  end(made[0]);
  CAF_CHECK_EQUAL(made.size(), 1u);
  CAF_CHECK(stored.transitions.empty());
}

CAF_TEST(progress and cancel go to the supervisor of the file) {
  start();
  accept("a");
  const auto progress = ask<stage_progress>(dispatcher, progress_atom_v, std::string{"a"});
  CAF_REQUIRE(*progress);
  CAF_CHECK_EQUAL((**progress)->fraction, 0.5);
  ask<file_record>(dispatcher, cancel_atom_v, std::string{"a"});
  CAF_CHECK_EQUAL(upload.cancels, 1);
}

CAF_TEST(a file that is not being processed cannot be cancelled) {
  start();
  remember("a", status::ready);
  const auto answer = ask<file_record>(dispatcher, cancel_atom_v, std::string{"a"});
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::conflict);
}

CAF_TEST(only failed and cancelled files can be tried again) {
  start();
  remember("bad", status::failed, 3);
  remember("good", status::ready);
  const auto refused = ask<file_record>(dispatcher, retry_atom_v, std::string{"good"});
  CAF_REQUIRE(*refused);
  CAF_CHECK((*refused)->error().code == errc::conflict);
  const auto taken = ask<file_record>(dispatcher, retry_atom_v, std::string{"bad"});
  CAF_CHECK((*taken)->has_value());
  CAF_REQUIRE_EQUAL(upload.processed.size(), 1u);
  CAF_CHECK_EQUAL(upload.processed[0].id, "bad");
}

CAF_TEST(a file whose results were lost is taken up while the server runs) {
  start();
  remember("lost", status::registered);
  const auto taken = ask<file_record>(dispatcher, retry_atom_v, std::string{"lost"});
  CAF_CHECK((*taken)->has_value());
  CAF_REQUIRE_EQUAL(upload.processed.size(), 1u);
  const auto again = ask<file_record>(dispatcher, retry_atom_v, std::string{"lost"});
  CAF_CHECK((*again)->error().code == errc::conflict);
}

CAF_TEST(a file is stopped before it is removed) {
  start();
  accept("a");
  ask<file_record>(dispatcher, remove_atom_v, std::string{"a"});
  CAF_CHECK_EQUAL(upload.cancels, 1);
  CAF_REQUIRE_EQUAL(stored.removed.size(), 1u);
}

CAF_TEST(a file that finished just before is removed all the same) {
  start();
  accept("a");
  upload.refuse_cancel = fail(errc::conflict, "already ready");
  ask<file_record>(dispatcher, remove_atom_v, std::string{"a"});
  CAF_CHECK_EQUAL(stored.removed.size(), 1u);
}

CAF_TEST(the supervisors end with the dispatcher) {
  start();
  accept("a");
  self->monitor(made[0]);
  self->send_exit(dispatcher, caf::exit_reason::user_shutdown);
  settle();
  bool is_down = false;
  self->receive([&](const caf::down_msg&) { is_down = true; },
                caf::after(std::chrono::seconds{0}) >> [] {});
  CAF_CHECK(is_down);
}

CAF_TEST_FIXTURE_SCOPE_END()
