#define CAF_SUITE net_events_outbox

#include "net/events/outbox.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace mediad;
using namespace mediad::net::events;

namespace {

event stored(std::uint64_t seq, std::string file = "f") {
  event e;
  e.seq = seq;
  e.type = "file.ready";
  e.file_id = std::move(file);
  e.text = std::to_string(seq);
  return e;
}

live_event live(std::string text, std::string file = "f", std::string type = "file.progress") {
  live_event e;
  e.type = std::move(type);
  e.file_id = std::move(file);
  e.text = std::move(text);
  return e;
}

bool all(const event&) {
  return true;
}

std::string pop_text(outbox& box) {
  const auto next = box.pop();
  return next ? next->text : "nothing";
}

constexpr const char* gap = R"({"type":"gap"})";

// The database's log, the notifier in front of it, and one subscriber: everything that can be slow
// relative to something else is a step of its own.
struct world {
  std::mt19937 random;
  std::vector<event> log;
  std::uint64_t oldest = 1;
  std::deque<event> announced; ///< On the way from the notifier.
  outbox box{3};
  std::vector<std::uint64_t> heard;
  std::size_t gaps = 0;

  explicit world(unsigned seed) : random{seed} {}

  static bool wanted(const event& e) {
    return e.file_id == "mine";
  }

  void happen() {
    log.push_back(stored(log.size() + 1, random() % 3 == 0 ? "mine" : "other"));
    if (wanted(log.back()))
      announced.push_back(log.back());
  }

  void announce() {
    if (announced.empty())
      return;
    box.push(announced.front());
    announced.pop_front();
  }

  void read() {
    if (!box.must_read())
      return;
    const auto first = std::max(box.read_after(), oldest - 1);
    const auto last = std::min<std::uint64_t>(first + box.read_limit(), log.size());
    std::vector<event> page;
    for (auto seq = first; seq < last; ++seq)
      page.push_back(log[seq]);
    box.fill(page, wanted);
  }

  bool send() {
    const auto next = box.pop();
    if (!next)
      return false;
    if (next->seq == 0)
      ++gaps;
    else
      heard.push_back(next->seq);
    return true;
  }

  void step() {
    switch (random() % 8) {
    case 0:
    case 1:
    case 2: return happen();
    case 3:
    case 4: return announce();
    case 5: return read();
    default: static_cast<void>(send());
    }
  }

  void settle() {
    while (!announced.empty())
      announce();
    while (send() || box.must_read())
      read();
  }

  std::vector<std::uint64_t> wanted_after(std::uint64_t after) const {
    std::vector<std::uint64_t> out;
    for (const auto& e : log)
      if (e.seq > after && wanted(e))
        out.push_back(e.seq);
    return out;
  }
};

} // namespace

CAF_TEST(every wanted event is heard once and in order however replay and news interleave) {
  for (unsigned seed = 1; seed <= 2'000; ++seed) {
    world w{seed};
    for (auto before = w.random() % 30; before > 0; --before)
      w.happen();
    // Subscribed: what happened so far is announced no more, but may be in flight still.
    while (w.announced.size() > w.random() % 4)
      w.announced.pop_front();
    for (auto early = w.random() % 3; early > 0; --early)
      w.announce();
    const auto newest = w.log.size();
    const auto since = newest == 0 ? 0 : w.random() % (newest + 1);
    for (auto late = w.random() % 3; late > 0; --late)
      w.step();
    w.heard.clear();
    w.box.start(since, newest);
    for (int i = 0; i < 200; ++i)
      w.step();
    w.settle();
    const auto expected = w.wanted_after(since);
    CAF_REQUIRE_EQUAL(w.heard, expected);
    CAF_REQUIRE_EQUAL(w.gaps, 0u);
  }
}

CAF_TEST(a trimmed log is told as one gap and the rest is heard) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    world w{seed};
    for (int i = 0; i < 40; ++i)
      w.happen();
    w.announced.clear();
    w.oldest = 2 + w.random() % 38;
    w.box.start(0, 40);
    for (int i = 0; i < 100; ++i)
      w.step();
    w.settle();
    const auto expected = w.wanted_after(w.oldest - 1);
    CAF_REQUIRE_EQUAL(w.heard, expected);
    CAF_REQUIRE_EQUAL(w.gaps, 1u);
  }
}

CAF_TEST(a client that took part in all but the trimmed events sees no gap) {
  outbox box{8};
  box.start(9, 12);
  CAF_REQUIRE(box.must_read());
  box.fill({stored(10), stored(11), stored(12)}, all);
  CAF_CHECK_EQUAL(pop_text(box), "10");
}

CAF_TEST(a log that was trimmed to nothing is a gap) {
  outbox box{8};
  box.start(3, 5);
  box.fill({}, all);
  CAF_CHECK_EQUAL(pop_text(box), gap);
  CAF_CHECK(!box.must_read());
  box.push(stored(6));
  CAF_CHECK_EQUAL(pop_text(box), "6");
}

CAF_TEST(a full outbox goes back to the log) {
  outbox box{2};
  box.start(0, 0);
  for (std::uint64_t seq = 1; seq <= 100; ++seq)
    box.push(stored(seq));
  CAF_CHECK_EQUAL(pop_text(box), "1");
  CAF_CHECK(!box.must_read());
  CAF_CHECK_EQUAL(pop_text(box), "2");
  CAF_CHECK(box.must_read());
  CAF_CHECK_EQUAL(box.read_after(), 2u);
  CAF_CHECK_EQUAL(box.read_limit(), 2u);
}

CAF_TEST(events of others that pass while a subscriber hears nothing are no gap) {
  outbox box{1};
  box.start(10, 10);
  box.push(stored(1'000));
  box.push(stored(2'000)); // no room
  CAF_CHECK_EQUAL(pop_text(box), "1000");
  CAF_CHECK_EQUAL(box.read_after(), 1'999u);
  box.fill({stored(2'000)}, all);
  CAF_CHECK_EQUAL(pop_text(box), "2000");
}

CAF_TEST(only the newest live frame of a type and file waits) {
  outbox box{8};
  box.start(0, 0);
  box.push(live("10%"));
  box.push(live("other", "g"));
  box.push(live("bytes", "f", "upload.progress"));
  box.push(live("20%"));
  CAF_CHECK_EQUAL(pop_text(box), "20%");
  CAF_CHECK_EQUAL(pop_text(box), "other");
  CAF_CHECK_EQUAL(pop_text(box), "bytes");
  CAF_CHECK_EQUAL(pop_text(box), "nothing");
}

CAF_TEST(live frames of many files push out the oldest) {
  outbox box{2};
  box.start(0, 0);
  for (const char* file : {"a", "b", "c"})
    box.push(live(file, file));
  CAF_CHECK_EQUAL(pop_text(box), "b");
  CAF_CHECK_EQUAL(pop_text(box), "c");
}

CAF_TEST(progress that waits is dropped when its file has news) {
  outbox box{8};
  box.start(0, 0);
  box.push(live("90%"));
  box.push(live("5%", "g"));
  box.push(stored(1));
  CAF_CHECK_EQUAL(pop_text(box), "1");
  CAF_CHECK_EQUAL(pop_text(box), "5%");
}

CAF_TEST(progress waits until the past has been told) {
  outbox box{8};
  box.start(0, 1);
  box.push(live("90%", "g"));
  CAF_CHECK_EQUAL(pop_text(box), "nothing");
  box.fill({stored(1)}, all);
  CAF_CHECK_EQUAL(pop_text(box), "1");
  CAF_CHECK_EQUAL(pop_text(box), "90%");
}

CAF_TEST(replies go first and are bounded) {
  outbox box{2};
  box.start(0, 0);
  box.push(stored(1));
  CAF_CHECK(box.reply("a"));
  CAF_CHECK(box.reply("b"));
  CAF_CHECK(!box.reply("c"));
  CAF_CHECK_EQUAL(pop_text(box), "a");
  CAF_CHECK(box.reply("c"));
}
