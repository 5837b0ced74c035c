#define CAF_SUITE actors_codec_worker_stop

#include "actors/codec/worker.hpp"
#include "tests/actors/codec/worker_fixture.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <string>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(codec_worker_stop_tests, worker_fixture)

CAF_TEST(a worker that is stopped does nothing until it goes on) {
  caf::scoped_actor self{sys};
  CAF_CHECK(wait_for(self, identify_text()));
  worker.stop();
  auto late = std::async(std::launch::async, [&] {
    caf::scoped_actor asker{sys};
    return wait_for(asker, identify_text());
  });
  CAF_CHECK(late.wait_for(300ms) == std::future_status::timeout);
  const auto used = worker.processor_time();
  CAF_CHECK(late.wait_for(300ms) == std::future_status::timeout);
  CAF_CHECK_EQUAL(worker.processor_time().count(), used.count());
  worker.go_on();
  CAF_CHECK(late.get());
}

CAF_TEST(a job under way is stopped in the middle and finished when it goes on) {
  const std::string make = "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=640x360:r=25:d=8 "
                           "-c:v libx264 -preset ultrafast -pix_fmt yuv420p "
                           + (path / "clip.mp4").string();
  CAF_REQUIRE_EQUAL(std::system(make.c_str()), 0);
  use(media::worker_kind::av);
  auto job = identify("clip.mp4");
  job.kind = media::job_kind::video_compress;
  job.media_type = "video/mp4";
  job.parameters.video.remux = false;
  std::atomic<double> done = 0;
  auto encoded = std::async(std::launch::async, [&] {
    caf::scoped_actor asker{sys};
    const progress_sink sink =
      sys.spawn([&done](progress_sink::pointer) -> progress_sink::behavior_type {
        return {[&done](progress_atom, double fraction) {
          done = fraction;
        }};
      });
    auto made = wait_for(asker, job, sink);
    asker->send_exit(sink, caf::exit_reason::user_shutdown);
    return made;
  });
  while (done == 0)
    CAF_REQUIRE(encoded.wait_for(1ms) == std::future_status::timeout);
  worker.stop();
  // A signal takes effect at once, but on another processor a moment later.
  CAF_REQUIRE(encoded.wait_for(100ms) == std::future_status::timeout);
  const auto used = worker.processor_time();
  const double done_before = done;
  CAF_CHECK(encoded.wait_for(1s) == std::future_status::timeout);
  CAF_CHECK_EQUAL(worker.processor_time().count(), used.count());
  CAF_CHECK(done == done_before);
  worker.go_on();
  const auto made = encoded.get();
  CAF_REQUIRE(made);
  CAF_CHECK_EQUAL(made->files.size(), 1u);
}

CAF_TEST(a worker that is stopped can still be killed) {
  caf::scoped_actor self{sys};
  worker.stop();
  auto never = std::async(std::launch::async, [&] {
    caf::scoped_actor asker{sys};
    return wait_for(asker, identify_text());
  });
  CAF_CHECK(never.wait_for(300ms) == std::future_status::timeout);
  worker.kill();
  const auto died = never.get();
  CAF_REQUIRE(!died);
  CAF_CHECK(died.error().code == errc::worker_died);
  worker.go_on();
  CAF_CHECK(wait_for(self, identify_text()));
}

CAF_TEST_FIXTURE_SCOPE_END()
