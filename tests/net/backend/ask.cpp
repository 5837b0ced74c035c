#define CAF_SUITE net_backend_ask

#include "net/backend/ask.hpp"

#include "actors/config.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using answer = result<media::job_result>;

struct mute_state {
  mute_state() = default;
  std::vector<caf::typed_response_promise<media::job_result>> kept;
};

struct fixture {
  actors::config cfg;
  caf::actor_system sys{cfg};
  asio::io_context io;
  codec_worker_actor mute;

  fixture() {
    using pointer = codec_worker_actor::stateful_pointer<mute_state>;
    mute = sys.spawn([](pointer self) -> codec_worker_actor::behavior_type {
      return {[self](run_atom, const media::job&,
                     const progress_sink&) -> caf::result<media::job_result> {
                return self->state.kept.emplace_back(
                  self->make_response_promise<media::job_result>());
              },
              [](caf::open_atom) {},
              [](caf::close_atom) {
              }};
    });
  }

  ~fixture() {
    // A kept promise keeps its actor alive.
    caf::anon_send_exit(mute, caf::exit_reason::user_shutdown);
  }

  asio::awaitable<answer> ask(codec_worker_actor to, std::chrono::milliseconds timeout) {
    const media::job j;
    const progress_sink nobody;
    co_return co_await net::ask<media::job_result>(sys, std::move(to), timeout, run_atom_v, j,
                                                   nobody);
  }

  answer wait_for(std::future<answer> a) {
    const auto work = asio::make_work_guard(io);
    while (a.wait_for(0s) != std::future_status::ready)
      io.run_one();
    return a.get();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ask_tests, fixture)

CAF_TEST(a coroutine resumes with the reply of the actor) {
  codec_worker_actor worker =
    sys.spawn([](codec_worker_actor::pointer) -> codec_worker_actor::behavior_type {
      return {[](run_atom, const media::job&, const progress_sink&) {
                media::job_result done;
                done.media = "{\"made\":true}";
                return done;
              },
              [](caf::open_atom) {},
              [](caf::close_atom) {
              }};
    });
  const auto got = wait_for(asio::co_spawn(io, ask(worker, 10s), asio::use_future));
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->media, "{\"made\":true}");
}

CAF_TEST(an actor that never answers becomes errc timeout) {
  const auto got = wait_for(asio::co_spawn(io, ask(mute, 20ms), asio::use_future));
  CAF_REQUIRE(!got);
  CAF_CHECK(got.error().code == errc::timeout);
}

CAF_TEST(an actor that has ended becomes an error at once) {
  const auto gone = mute;
  caf::anon_send_exit(gone, caf::exit_reason::kill);
  const auto got = wait_for(asio::co_spawn(io, ask(gone, 10min), asio::use_future));
  CAF_CHECK(!got);
}

CAF_TEST(a cancelled question ends at once and lets the actor system end) {
  asio::cancellation_signal stop;
  bool ended = false;
  auto on_end = [&ended](std::exception_ptr, const answer&) {
    ended = true;
  };
  asio::co_spawn(io, ask(mute, 10min), asio::bind_cancellation_slot(stop.slot(), on_end));
  asio::post(io, [&stop] { stop.emit(asio::cancellation_type::terminal); });
  const auto work = asio::make_work_guard(io);
  while (!ended)
    io.run_one();
  CAF_CHECK(ended);
}

CAF_TEST(a shared context lives as long as somebody may post to it) {
  auto context = net::make_shared_context();
  auto held = net::hold_context(context->get_executor());
  const std::weak_ptr<asio::io_context> seen = context;
  context.reset();
  CAF_CHECK(!seen.expired());
  held.reset();
  CAF_CHECK(seen.expired());
  CAF_CHECK(net::hold_context(io.get_executor()) == nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
