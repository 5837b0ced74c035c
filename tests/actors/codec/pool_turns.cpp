#define CAF_SUITE actors_codec_pool_turns

#include "actors/codec/pool.hpp"
#include "tests/actors/codec/pool_fixture.hpp"

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(codec_pool_turns_tests, pool_fixture)

CAF_TEST(a user who comes new has the next place) {
  settings.batch = 1;
  start();
  for (int i = 0; i < 20; ++i)
    ladder("ann", "a" + std::to_string(i));
  ladder("bob", "b");
  finish("a0");
  CAF_CHECK(is_running("b"));
  finish("b");
  CAF_CHECK(is_running("a1"));
}

CAF_TEST(two users have places in proportion to what their jobs cost) {
  settings.batch = 1;
  settings.batch_turn = 1s;
  start();
  for (int i = 100; i < 180; ++i) {
    run_for("ann", "a" + std::to_string(i), media::job_kind::image_renditions, lane::batch, 100ms);
    run_for("bob", "b" + std::to_string(i), media::job_kind::image_renditions, lane::batch, 400ms);
  }
  std::map<char, int> cost;
  for (int done = 0; done < 60; ++done)
    for (auto& w : workers)
      if (!w.running.empty()) {
        const auto file = w.ran.back();
        cost[file.front()] += file.front() == 'a' ? 100 : 400;
        finish(file);
        break;
      }
  CAF_CHECK_LESS(std::abs(cost['a'] - cost['b']), 1'900);
}

CAF_TEST(a long encode stands still while a short job of another user runs and then goes on) {
  settings.batch = 1;
  start();
  const auto video = encode("ann", "v");
  ladder("bob", "p1");
  ladder("bob", "p2");
  CAF_CHECK_EQUAL(running("v").stops, 1);
  CAF_CHECK(running("v").is_stopped && is_running("p1") && !is_running("p2"));
  CAF_CHECK_EQUAL(stopped(), 1u);
  CAF_CHECK_EQUAL(load_of("batch"), "1 of 1, 1");
  finish("p1");
  CAF_CHECK(running("v").is_stopped && is_running("p2"));
  finish("p2");
  CAF_CHECK(!running("v").is_stopped);
  CAF_CHECK_EQUAL(stopped(), 0u);
  CAF_CHECK_EQUAL(running("v").kills, 0);
  finish("v");
  CAF_REQUIRE(*video);
  CAF_CHECK((*video)->has_value());
}

CAF_TEST(a long encode goes on for its users own photos and in its turn) {
  settings.batch = 1;
  settings.batch_turn = 10s;
  start();
  encode("ann", "v");
  ladder("ann", "own");
  CAF_CHECK_EQUAL(running("v").stops, 0);
  for (int i = 100; i < 200; ++i)
    ladder("bob", "p" + std::to_string(i));
  for (int i = 100; i < 120; ++i)
    finish("p" + std::to_string(i));
  CAF_CHECK(!running("v").is_stopped); // bob has had ten seconds
  after(9s);
  CAF_CHECK(!running("v").is_stopped);
  after(1s);
  after(1s);
  CAF_CHECK(running("v").is_stopped && is_running("p120"));
}

CAF_TEST(a user owes nothing for the time in which no other had anything to do) {
  settings.batch = 1;
  settings.batch_turn = 10s;
  start();
  run_for("ann", "v", media::job_kind::video_compress, lane::batch, 20s);
  after(500s); // far longer than was expected
  for (int i = 100; i < 200; ++i)
    ladder("bob", "p" + std::to_string(i));
  CAF_CHECK(running("v").is_stopped);
  for (int i = 100; i < 120; ++i)
    finish("p" + std::to_string(i));
  CAF_CHECK(!running("v").is_stopped);
}

CAF_TEST(the time for which a job stands still counts for none of its limits) {
  settings.batch = 1;
  start();
  const auto video = encode("ann", "v");
  after(10s);
  for (const auto* photo : {"p1", "p2", "p3"}) {
    ladder("bob", photo);
    CAF_REQUIRE(running("v").is_stopped);
    after(500s);
    finish(photo);
    CAF_REQUIRE(!running("v").is_stopped);
  }
  CAF_CHECK_EQUAL(running("v").kills, 0);
  after(589s);
  CAF_CHECK(!*video);
  after(1s);
  CAF_REQUIRE(*video);
  CAF_CHECK((*video)->error().code == errc::timeout);
}

CAF_TEST(a job that is cancelled while it stands still ends and gives its worker back) {
  settings.batch = 1;
  start();
  const auto video = encode("ann", "v");
  ladder("bob", "p");
  self->send(pool, cancel_atom_v, std::string{"v"});
  settle();
  CAF_CHECK(!running("v").is_stopped);
  CAF_CHECK(running("v").ended == running("v").numbers);
  break_off("v", errc::worker_died);
  CAF_REQUIRE(*video);
  CAF_CHECK((*video)->error().code == errc::cancelled);
  CAF_CHECK_EQUAL(load_of("batch"), "1 of 1, 0");
  CAF_CHECK_EQUAL(stopped(), 0u);
  finish("p");
  CAF_CHECK_EQUAL(load_of("batch"), "0 of 1, 0");
}

CAF_TEST(no more long jobs are under way than the lane has places) {
  settings.batch = 1;
  start();
  encode("ann", "v");
  ladder("bob", "p");
  encode("bob", "w");
  finish("p");
  CAF_CHECK(!is_running("w"));
  CAF_CHECK(!running("v").is_stopped);
  finish("v");
  CAF_CHECK(is_running("w"));
}

CAF_TEST(while others have short jobs a user leaves them a place in the preview lane) {
  settings.preview = 2;
  start();
  for (const auto* file : {"a1", "a2", "a3", "a4"})
    run_for("ann", file, media::job_kind::video_preview, lane::preview, 300ms);
  CAF_CHECK(is_running("a1") && is_running("a2"));
  ladder("bob", "b");
  finish("a1");
  CAF_CHECK(!is_running("a3"));
  run_for("bob", "b2", media::job_kind::image_preview, lane::preview, 100ms);
  CAF_CHECK(is_running("b2"));
  finish("b2");
  finish("b");
  CAF_CHECK(is_running("a2") && is_running("a3"));
}

CAF_TEST_FIXTURE_SCOPE_END()
