#define CAF_SUITE net_events_websocket

#include "net/events/websocket.hpp"

#include "tests/net/events/subscriber.hpp"
#include "tests/net/support/served.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(websocket_tests, served)

CAF_TEST(the first frame says hello and only what comes after it follows) {
  notices(5);
  start();
  subscriber s{endpoint};
  const auto hello = s.next();
  CAF_CHECK_EQUAL(type_of(hello), "hello");
  CAF_CHECK_EQUAL(number(hello, "seq"), 5u);
  CAF_CHECK_EQUAL(number(hello, "oldest"), 1u);
  notices(2);
  CAF_CHECK_EQUAL(s.seqs_until(7), numbers(6, 7));
}

CAF_TEST(an empty history begins at zero) {
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 0u);
  notices(1);
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 1u);
}

CAF_TEST(what was is replayed and what comes follows without a seam) {
  notices(1'000);
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(500);
  CAF_CHECK_EQUAL(s.seqs_until(1'500), numbers(1, 1'500));
}

CAF_TEST(a client that comes back gets exactly what it missed) {
  start();
  std::vector<std::uint64_t> heard;
  {
    subscriber s{endpoint, "?since=0"};
    notices(10);
    heard = s.seqs_until(7);
    s.ws.next_layer().close();
  }
  notices(10);
  subscriber back{endpoint, "?since=" + std::to_string(heard.back())};
  notices(5);
  const auto rest = back.seqs_until(25);
  heard.insert(heard.end(), rest.begin(), rest.end());
  CAF_CHECK_EQUAL(heard, numbers(1, 25));
}

CAF_TEST(a client that does not read loses nothing and gets nothing twice) {
  start_with(8);
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(3'000, std::string(2'000, 'x'));
  CAF_CHECK_EQUAL(s.seqs_until(3'000), numbers(1, 3'000));
}

CAF_TEST(a client that takes nothing for the time limit is told to come back) {
  start_with(8, 200ms);
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(4'000, std::string(2'000, 'x'));
  wait_for_end_of_session();
  while (!s.next().is_null()) {
  }
  CAF_CHECK_EQUAL(s.close_code(), 1013u);
}

CAF_TEST(who was away longer than the log reaches is told of the gap) {
  settings.keep_events = 10;
  open();
  notices(100);
  start();
  const auto log = reader().events().value();
  CAF_REQUIRE(log.oldest > 2);
  subscriber s{endpoint, "?since=1"};
  CAF_CHECK_EQUAL(number(s.next(), "oldest"), log.oldest);
  CAF_CHECK_EQUAL(type_of(s.next()), "gap");
  CAF_CHECK_EQUAL(number(s.next(), "seq"), log.oldest);
  subscriber last{endpoint, "?since=" + std::to_string(log.oldest - 1)};
  CAF_CHECK_EQUAL(type_of(last.next()), "hello");
  CAF_CHECK_EQUAL(number(last.next(), "seq"), log.oldest);
}

CAF_TEST(a number that was never given out is a gap) {
  notices(3);
  start();
  subscriber s{endpoint, "?since=1000"};
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 3u);
  CAF_CHECK_EQUAL(type_of(s.next()), "gap");
  notices(1);
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 4u);
}

CAF_TEST(one file is heard of and nothing else in the past as in the present) {
  const auto mine = upload("ann", "a.jpg", "a");
  const auto other = upload("ann", "b.jpg", "b");
  start();
  subscriber s{endpoint, "?since=0&file=" + mine.id};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  CAF_CHECK_EQUAL(file_of(s.next()), mine.id);
  storage::transition t;
  for (const auto& id : {other.id, mine.id}) {
    t.id = id;
    happen({t});
  }
  const auto next = s.next();
  CAF_CHECK_EQUAL(file_of(next), mine.id);
  CAF_CHECK_EQUAL(type_of(next), "file.processing");
}

CAF_TEST(subscribing and unsubscribing take effect before the next answer) {
  const auto a = upload("ann", "a.jpg", "a");
  const auto b = upload("ann", "b.jpg", "b");
  start();
  subscriber s{endpoint, "?file=" + a.id};
  s.say(R"({"type":"subscribe","file":")" + b.id + R"("})");
  s.say(R"({"type":"unsubscribe","file":")" + a.id + R"("})");
  s.settle();
  storage::transition t;
  for (const auto& id : {a.id, b.id}) {
    t.id = id;
    happen({t});
  }
  const auto next = s.next();
  CAF_CHECK_EQUAL(file_of(next), b.id);
}

CAF_TEST(events of other users are heard by nobody else) {
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notice("for bob", "bob");
  notice("for all", "");
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 2u);
}

CAF_TEST(live progress is passed on without a number) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  live_event e;
  e.type = "file.progress";
  e.user = id_of("ann");
  e.file_id = "f";
  e.text = R"({"type":"file.progress","id":"f","stage":"compress","progress":0.5})";
  caf::anon_send(notifier, e);
  const auto frame = s.next();
  CAF_CHECK_EQUAL(type_of(frame), "file.progress");
  CAF_CHECK(!frame.contains("seq"));
}

CAF_TEST_FIXTURE_SCOPE_END()
