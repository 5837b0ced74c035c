#define CAF_SUITE actors_codec_pool

#include "actors/codec/pool.hpp"

#include "tests/actors/codec/pool_fixture.hpp"

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(codec_pool_tests, pool_fixture)

CAF_TEST(one worker of each kind is warm before the first job) {
  start();
  CAF_CHECK_EQUAL(workers.size(), 5u);
  for (const auto& w : workers)
    CAF_CHECK_EQUAL(w.opened, 1);
}

CAF_TEST(a full batch lane never holds up a preview) {
  start();
  run("v1", media::job_kind::video_compress, lane::batch);
  run("v2", media::job_kind::video_compress, lane::batch);
  run("v3", media::job_kind::video_compress, lane::batch);
  const auto preview = run("photo", media::job_kind::image_preview, lane::preview);
  CAF_CHECK(!is_running("v3"));
  finish("photo");
  CAF_REQUIRE(*preview);
  CAF_CHECK((*preview)->has_value());
}

CAF_TEST(a lane runs as many jobs as it has slots and the others in order) {
  start();
  for (const auto* file : {"a", "b", "c", "d"})
    run(file, media::job_kind::image_renditions, lane::batch);
  CAF_CHECK(is_running("a") && is_running("b"));
  CAF_CHECK(!is_running("c"));
  finish("b");
  CAF_CHECK(is_running("c"));
  CAF_CHECK(!is_running("d"));
  finish("a");
  CAF_CHECK(is_running("d"));
}

CAF_TEST(what runs and what waits in a lane can be read) {
  start();
  CAF_CHECK_EQUAL(load_of("batch"), "0 of 2, 0");
  for (const auto* file : {"v1", "v2", "v3", "v4"})
    run(file, media::job_kind::video_compress, lane::batch);
  CAF_CHECK_EQUAL(load_of("batch"), "2 of 2, 2");
  CAF_CHECK_EQUAL(load_of("preview"), "0 of 1, 0");
  const auto busy = numbers->value("mediad_workers_busy", {{"kind", "av"}});
  CAF_CHECK_EQUAL(busy, 2u);
  self->send(pool, cancel_atom_v, std::string{"v4"});
  settle();
  finish("v1");
  CAF_CHECK_EQUAL(load_of("batch"), "2 of 2, 0");
  finish("v2");
  finish("v3");
  CAF_CHECK_EQUAL(load_of("batch"), "0 of 2, 0");
  const auto warm = numbers->value("mediad_workers", {{"kind", "office"}});
  CAF_CHECK_EQUAL(warm, 1u);
}

CAF_TEST(a worker that is free is used again) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  finish("a");
  run("b", media::job_kind::image_preview, lane::preview);
  CAF_CHECK_EQUAL(workers.size(), 5u);
  CAF_CHECK_EQUAL(running("b").ran.size(), 2u);
}

CAF_TEST(a job that has used up its processor time is killed and answered with timeout) {
  start();
  const auto answer = run("a", media::job_kind::image_preview, lane::preview);
  running("a").used = 10s;
  after(9'999ms);
  CAF_CHECK_EQUAL(running("a").kills, 0);
  after(1ms);
  CAF_CHECK_EQUAL(running("a").kills, 1);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::timeout);
}

CAF_TEST(a job that waits for a processor has more time by the clock) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  running("a").used = 4s;
  after(10s);
  after(30s);
  CAF_CHECK_EQUAL(running("a").kills, 0);
  running("a").used = 11s;
  after(3s);
  CAF_CHECK_EQUAL(running("a").kills, 1);
}

CAF_TEST(a job that does nothing is killed after ten times its deadline) {
  start();
  const auto answer = run("a", media::job_kind::image_preview, lane::preview);
  after(99'999ms);
  CAF_CHECK(!*answer);
  after(1ms);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::timeout);
  CAF_CHECK_EQUAL(running("a").kills, 1);
}

CAF_TEST(a worker that dies costs its job and nothing else) {
  start();
  const auto first = run("a", media::job_kind::image_preview, lane::preview);
  const auto second = run("b", media::job_kind::image_preview, lane::preview);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*first);
  CAF_CHECK((*first)->error().code == errc::worker_died);
  finish("b");
  CAF_REQUIRE(*second);
  CAF_CHECK((*second)->has_value());
}

CAF_TEST(cancelling ends the job and not its worker and answers cancelled) {
  start();
  run("a", media::job_kind::video_compress, lane::batch);
  finish("a");
  const auto answer = run("a", media::job_kind::video_compress, lane::batch);
  self->send(pool, cancel_atom_v, std::string{"a"});
  settle();
  CAF_REQUIRE_EQUAL(running("a").numbers.size(), 2u);
  CAF_CHECK(running("a").ended == std::vector{running("a").numbers.back()});
  CAF_CHECK_LESS(running("a").numbers.front(), running("a").numbers.back());
  CAF_CHECK_EQUAL(running("a").kills, 0);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::cancelled);
}

CAF_TEST(cancelling drops what waits and leaves other files alone) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  const auto dropped = run("b", media::job_kind::image_preview, lane::preview);
  const auto kept = run("c", media::job_kind::image_preview, lane::preview);
  self->send(pool, cancel_atom_v, std::string{"b"});
  settle();
  CAF_REQUIRE(*dropped);
  CAF_CHECK((*dropped)->error().code == errc::cancelled);
  CAF_CHECK(!*kept);
  finish("a");
  CAF_CHECK(is_running("c"));
}

CAF_TEST(an idle worker gives its memory back but the warm ones stay) {
  start();
  run("v", media::job_kind::video_compress, lane::batch);
  finish("v");
  after(301s);
  after(301s);
  for (const auto& w : workers)
    CAF_CHECK_EQUAL(w.closed, w.where == lane::batch ? 1 : 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
