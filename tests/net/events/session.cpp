#define CAF_SUITE net_events_session

#include "net/events/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/test/unit_test.hpp>

#include <mutex>

using namespace mediad;
using namespace mediad::net::events;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::mediad>();
  }
};

event stored(std::uint64_t seq, std::string user = "ann") {
  event e;
  e.seq = seq;
  e.type = "notice";
  e.user = std::move(user);
  e.text = std::to_string(seq);
  return e;
}

// The database's log: events are in it before a session is told.
struct fake_log {
  std::mutex mutex;
  std::vector<event> events;

  void append(const event& e) {
    const std::lock_guard lock{mutex};
    events.push_back(e);
  }

  log_reader reader() {
    return [this](std::uint64_t after, std::size_t limit) -> result<std::vector<event>> {
      const std::lock_guard lock{mutex};
      std::vector<event> page;
      for (const auto& e : events)
        if (e.seq > after && page.size() < limit)
          page.push_back(e);
      return page;
    };
  }
};

struct fixture {
  config cfg;
  caf::actor_system system{cfg};
  asio::io_context io{1};
  fake_log log;

  std::shared_ptr<session> make(std::size_t limit = 8) {
    interest everything{"ann", {}};
    auto s = std::make_shared<session>(io.get_executor(), everything, outbox{limit});
    s->start(0, 0);
    return s;
  }

  // The numbers of the next frames, until there is nothing for @p patience.
  std::vector<std::uint64_t> take(const std::shared_ptr<session>& from, std::size_t count,
                                  std::chrono::milliseconds patience = 10s) {
    std::vector<std::uint64_t> seqs;
    auto read = [&, reader = log.reader()]() -> asio::awaitable<void> {
      while (seqs.size() < count) {
        const auto next = co_await from->next(reader, session::clock::now() + patience);
        if (!next || !*next)
          break;
        seqs.push_back((*next)->seq);
      }
    };
    asio::co_spawn(io, read(), asio::detached);
    io.restart();
    io.run();
    return seqs;
  }
};

std::vector<std::uint64_t> up_to(std::uint64_t last) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t seq = 1; seq <= last; ++seq)
    out.push_back(seq);
  return out;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_tests, fixture)

CAF_TEST(an event sent to the actor reaches the connection) {
  auto s = make();
  const listener ears{system, s};
  caf::anon_send(ears.actor(), stored(1));
  const auto heard = take(s, 1);
  CAF_CHECK_EQUAL(heard, up_to(1));
}

CAF_TEST(thousands of events through a tiny outbox arrive once and in order) {
  auto s = make(4);
  const listener ears{system, s};
  for (std::uint64_t seq = 1; seq <= 3'000; ++seq) {
    log.append(stored(seq));
    caf::anon_send(ears.actor(), stored(seq));
  }
  const auto heard = take(s, 3'000);
  CAF_CHECK_EQUAL(heard, up_to(3'000));
}

CAF_TEST(events of other users are not taken in) {
  auto s = make();
  s->deliver(stored(1, "bob"));
  s->deliver(stored(2));
  const auto heard = take(s, 1);
  CAF_CHECK_EQUAL(heard, std::vector<std::uint64_t>{2});
}

CAF_TEST(without news the wait ends when it should) {
  auto s = make();
  const auto begin = session::clock::now();
  const auto heard = take(s, 1, 20ms);
  CAF_CHECK(heard.empty());
  CAF_CHECK(session::clock::now() - begin >= 20ms);
}

CAF_TEST(a wake ends the wait at once) {
  auto s = make();
  asio::post(io, [s] { s->wake(); });
  const auto heard = take(s, 1, 1h);
  CAF_CHECK(heard.empty());
}

CAF_TEST(closing ends the wait at once) {
  auto s = make();
  asio::post(io, [s] { s->close(); });
  const auto heard = take(s, 1, 1h);
  CAF_CHECK(heard.empty());
}

CAF_TEST(an error of the log ends the session) {
  auto s = make();
  s->start(0, 5);
  std::optional<errc> code;
  auto read = [&]() -> asio::awaitable<void> {
    const log_reader broken = [](std::uint64_t, std::size_t) -> result<std::vector<event>> {
      return fail(errc::storage_io, "gone");
    };
    const auto next = co_await s->next(broken, session::clock::now() + 1h);
    if (!next)
      code = next.error().code;
  };
  asio::co_spawn(io, read(), asio::detached);
  io.run();
  CAF_REQUIRE(code);
  CAF_CHECK(*code == errc::storage_io);
}

CAF_TEST(who asks faster than it listens waits for room) {
  auto s = make(2);
  std::size_t replied = 0;
  auto ask = [&]() -> asio::awaitable<void> {
    for (; replied < 5; ++replied)
      co_await s->reply("pong");
  };
  asio::co_spawn(io, ask(), asio::detached);
  io.poll();
  CAF_CHECK_EQUAL(replied, 2u);
  const auto heard = take(s, 5);
  CAF_CHECK_EQUAL(heard.size(), 5u);
  CAF_CHECK_EQUAL(replied, 5u);
}

CAF_TEST(closing ends the wait for room) {
  auto s = make(1);
  bool ended = false;
  auto ask = [&]() -> asio::awaitable<void> {
    co_await s->reply("a");
    co_await s->reply("b");
    ended = true;
  };
  asio::co_spawn(io, ask(), asio::detached);
  io.poll();
  CAF_CHECK(!ended);
  s->close();
  io.restart();
  io.poll();
  CAF_CHECK(ended);
}

CAF_TEST(the actor may outlive the connection and its threads) {
  session_actor survivor;
  std::weak_ptr<session> left;
  {
    asio::io_context short_lived{1};
    interest everything{"ann", {}};
    auto s = std::make_shared<session>(short_lived.get_executor(), everything, outbox{8});
    left = s;
    survivor = spawn_session(system, s);
    s->deliver(stored(1));
    s->close();
  }
  caf::scoped_actor self{system};
  self->send(survivor, stored(2));
  self->send_exit(survivor, caf::exit_reason::user_shutdown);
  self->wait_for(survivor);
  survivor = nullptr;
  CAF_CHECK(left.expired());
}

CAF_TEST(the actor ends with its listener) {
  session_actor heard;
  {
    const listener ears{system, make()};
    heard = ears.actor();
  }
  caf::scoped_actor self{system};
  self->wait_for(heard);
}

CAF_TEST_FIXTURE_SCOPE_END()
