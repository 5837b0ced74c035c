#define CAF_SUITE actors_storage_owner

#include "actors/storage_owner.hpp"

#include "tests/actors/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;

namespace {

storage::change to_processing(const std::string& id) {
  storage::transition t;
  t.id = id;
  return t;
}

struct fixture : actor_fixture {
  std::vector<std::size_t> groups; ///< Size of each commit.
  std::uint64_t seq = 0;
  bool is_broken = false;
  notifier_log heard;
  std::vector<std::size_t> finished_after; ///< How many groups had begun by each outcome.

  storage_actor start(std::size_t max_group = 256) {
    actors::storage_owner_deps deps;
    deps.notifier = fake_notifier(sys, heard);
    deps.max_group = max_group;
    deps.own_thread = false;
    deps.apply = [this](std::vector<storage::change> group) {
      return apply(group);
    };
    auto owner = actors::spawn_storage_owner(sys, deps);
    settle();
    return owner;
  }

  result<std::vector<result<storage::applied>>> apply(const std::vector<storage::change>& group) {
    groups.push_back(group.size());
    if (is_broken)
      return fail(errc::storage_io, "fsync: Input/output error");
    std::vector<result<storage::applied>> done;
    for (const auto& c : group)
      done.push_back(std::visit([this](const auto& one) { return apply_one(one); }, c));
    return done;
  }

  template <class Change>
  result<storage::applied> apply_one(const Change&) {
    return fail(errc::internal, "not of these tests");
  }

  result<storage::applied> apply_one(const storage::finished_attempt& o) {
    finished_after.push_back(groups.size());
    storage::applied a;
    a.record.id = o.id;
    return a;
  }

  result<storage::applied> apply_one(const storage::transition& t) {
    if (t.id == "bad")
      return fail(errc::conflict, "already ready");
    storage::applied a;
    a.record.id = t.id;
    a.event = event{};
    a.event->seq = ++seq;
    return a;
  }

  /// Two files at once.
  result<storage::applied> apply_one(const storage::trash_clearance&) {
    storage::applied a;
    a.others.resize(2);
    for (auto& one : a.others)
      one.seq = ++seq;
    return a;
  }

  // Requests that are in the mailbox together.
  template <class... Ids>
  void send_together(const storage_actor& owner, const Ids&... ids) {
    (self->send(owner, to_processing(ids)), ...);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(storage_owner_tests, fixture)

CAF_TEST(changes that wait together share one commit) {
  send_together(start(), "a", "b", "c");
  CAF_REQUIRE_EQUAL(groups.size(), 1u);
  CAF_CHECK_EQUAL(groups[0], 3u);
}

CAF_TEST(a group is never larger than its limit and nothing is left behind) {
  send_together(start(2), "a", "b", "c", "d", "e");
  const std::vector<std::size_t> expected{2, 2, 1};
  CAF_CHECK_EQUAL(groups, expected);
}

CAF_TEST(what a client waits for goes before what is finished) {
  const auto owner = start(2);
  self->send(owner, storage::change{storage::finished_attempt{}});
  send_together(owner, "a", "b", "c");
  CAF_CHECK(finished_after.empty()); // more may follow at once
  after(std::chrono::seconds{1});
  const std::vector<std::size_t> expected{3};
  CAF_CHECK_EQUAL(finished_after, expected);
}

CAF_TEST(what is finished is not put off for ever) {
  const auto owner = start(1);
  self->send(owner, storage::change{storage::finished_attempt{}});
  for (int i = 0; i < 30; ++i)
    self->send(owner, to_processing("a"));
  settle();
  CAF_REQUIRE_EQUAL(finished_after.size(), 1u);
  CAF_CHECK_LESS(finished_after[0], 20u);
}

CAF_TEST(the notifier hears of a group in the order of its numbers) {
  send_together(start(), "a", "b", "c");
  CAF_REQUIRE_EQUAL(heard.events.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(heard.events[i].seq, i + 1);
}

CAF_TEST(the notifier hears of each file that one change was about) {
  self->send(start(), storage::change{storage::trash_clearance{}});
  settle();
  after(std::chrono::seconds{1});
  CAF_REQUIRE_EQUAL(heard.events.size(), 2u);
  CAF_CHECK_EQUAL(heard.events[1].seq, 2u);
}

CAF_TEST(a change that fails fails alone) {
  const auto owner = start();
  self->send(owner, to_processing("a"));
  const auto bad = ask<storage::applied>(owner, to_processing("bad"));
  const auto good = ask<storage::applied>(owner, to_processing("b"));
  CAF_REQUIRE(*bad && *good);
  CAF_CHECK((*bad)->error().code == errc::conflict);
  CAF_CHECK_EQUAL((**good)->record.id, "b");
  CAF_CHECK_EQUAL(heard.events.size(), 2u);
}

CAF_TEST(a change that nobody waits for may fail) {
  const auto owner = start();
  caf::anon_send(owner, to_processing("bad"));
  const auto good = ask<storage::applied>(owner, to_processing("b"));
  CAF_REQUIRE(*good);
  CAF_CHECK_EQUAL((**good)->record.id, "b");
}

CAF_TEST(a commit that fails is told to everyone who waits and ends the owner) {
  is_broken = true;
  const auto owner = start(1);
  self->monitor(owner);
  const auto in_group = post<storage::applied>(owner, to_processing("a"));
  const auto waiting = post<storage::applied>(owner, to_processing("b"));
  settle();
  CAF_REQUIRE(*in_group && *waiting);
  CAF_CHECK((*in_group)->error().code == errc::storage_io);
  CAF_CHECK((*waiting)->error().code == errc::storage_io);
  CAF_CHECK(heard.events.empty());
  bool is_down = false;
  self->receive([&](const caf::down_msg& down) { is_down = down.source == owner.address(); },
                caf::after(std::chrono::seconds{0}) >> [] {});
  CAF_CHECK(is_down);
}

CAF_TEST_FIXTURE_SCOPE_END()
