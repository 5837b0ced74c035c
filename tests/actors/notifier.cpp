#define CAF_SUITE actors_notifier

#include "actors/notifier.hpp"

#include "tests/actors/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;

namespace {

event numbered(std::uint64_t seq, std::string user = "ann", std::string file = "f1") {
  event e;
  e.seq = seq;
  e.type = "file.ready";
  e.user = std::move(user);
  e.file_id = std::move(file);
  return e;
}

struct fixture : actor_fixture {
  std::vector<event> stored; ///< The log that events are read from.
  session_log ann;
  notifier_actor notifier;
  session_actor anns;

  fixture() {
    actors::notifier_deps deps;
    deps.newest = 10;
    deps.events_after = [this](std::uint64_t after, std::size_t limit) {
      std::vector<event> page;
      for (const auto& e : stored)
        if (e.seq > after && page.size() < limit)
          page.push_back(e);
      return result<std::vector<event>>{page};
    };
    notifier = actors::spawn_notifier(sys, deps);
    anns = fake_session(sys, ann);
  }

  std::uint64_t subscribe(const session_actor& session, event_filter filter) {
    const auto newest = ask<std::uint64_t>(notifier, caf::subscribe_atom_v, session, filter);
    return ***newest;
  }

  template <class... Events>
  void publish(const Events&... events) {
    (self->send(notifier, events), ...);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(notifier_tests, fixture)

CAF_TEST(a subscriber gets what comes after the number it was told) {
  publish(numbered(11));
  const auto newest = subscribe(anns, {"ann", {}});
  CAF_CHECK_EQUAL(newest, 11u);
  publish(numbered(12), numbered(13));
  const std::vector<std::uint64_t> expected{12, 13};
  CAF_CHECK_EQUAL(ann.seqs, expected);
}

CAF_TEST(an event that comes twice is fanned out once) {
  subscribe(anns, {"ann", {}});
  publish(numbered(11), numbered(11), numbered(12), numbered(11));
  const std::vector<std::uint64_t> expected{11, 12};
  CAF_CHECK_EQUAL(ann.seqs, expected);
}

CAF_TEST(an event that got lost is replayed from the log before the next) {
  subscribe(anns, {"ann", {}});
  for (std::uint64_t seq = 11; seq <= 700; ++seq)
    stored.push_back(numbered(seq));
  publish(numbered(11), numbered(700));
  CAF_REQUIRE_EQUAL(ann.seqs.size(), 690u);
  for (std::size_t i = 0; i < ann.seqs.size(); ++i)
    CAF_CHECK_EQUAL(ann.seqs[i], 11 + i);
}

CAF_TEST(nobody hears of the files of another user) {
  subscribe(anns, {"ann", {}});
  publish(numbered(11, "bob"), numbered(12, ""), numbered(13, "ann"));
  const std::vector<std::uint64_t> expected{12, 13};
  CAF_CHECK_EQUAL(ann.seqs, expected);
}

CAF_TEST(a filter on files lets only these through) {
  subscribe(anns, {"ann", {"f2", "f3"}});
  publish(numbered(11), numbered(12, "ann", "f2"), numbered(13, "ann", "f3"));
  const std::vector<std::uint64_t> expected{12, 13};
  CAF_CHECK_EQUAL(ann.seqs, expected);
}

CAF_TEST(subscribing again replaces the filter and doubles nothing) {
  subscribe(anns, {"ann", {"f1"}});
  subscribe(anns, {"ann", {"f2"}});
  publish(numbered(11), numbered(12, "ann", "f2"));
  const std::vector<std::uint64_t> expected{12};
  CAF_CHECK_EQUAL(ann.seqs, expected);
}

CAF_TEST(live events pass without a number) {
  subscribe(anns, {"ann", {}});
  live_event e;
  e.user = "ann";
  e.text = "41%";
  publish(e);
  CAF_REQUIRE_EQUAL(ann.live.size(), 1u);
  CAF_CHECK_EQUAL(ann.live[0], "41%");
}

CAF_TEST(a session that ended is forgotten) {
  subscribe(anns, {"ann", {}});
  self->send_exit(anns, caf::exit_reason::kill);
  settle();
  anns = nullptr;
  session_log late;
  const auto other = fake_session(sys, late);
  subscribe(other, {"ann", {}});
  publish(numbered(11));
  CAF_CHECK(ann.seqs.empty());
  CAF_CHECK_EQUAL(late.seqs.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
