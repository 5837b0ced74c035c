#define CAF_SUITE actors_codec_worker

#include "actors/codec/worker.hpp"

#include "tests/actors/codec/worker_fixture.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <signal.h>
#include <thread>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

/// The processes that this one has started, whichever thread did (proc(5)).
std::set<pid_t> children() {
  std::set<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream list{task.path() / "children"};
    for (pid_t child = 0; list >> child;)
      found.insert(child);
  }
  return found;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_worker_tests, worker_fixture)

CAF_TEST(a worker process answers a job with what it found) {
  caf::scoped_actor self{sys};
  const auto answer = wait_for(self, identify_text());
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->profile == profile::document);
  CAF_CHECK_EQUAL(answer->media_type, "text/plain");
}

CAF_TEST(a job that fails leaves its process fit for the next) {
  caf::scoped_actor self{sys};
  CAF_CHECK(!wait_for(self, identify("missing")));
  CAF_CHECK(wait_for(self, identify_text()));
}

CAF_TEST(identifications of one owner that come together share a process) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.settings = media::encode(media::settings{});
  const auto process = actors::worker_process::start(command).value();
  actors::input_feed growth;
  const auto type_of = [&](media::job j, const std::string& owner) {
    j.owner = owner;
    const auto input = opener()(j).value();
    const auto found = process->run(j, input.get(), {[](double) {}, growth});
    return found ? found->media_type : to_string(found.error().code);
  };
  std::ofstream{path / "page.pdf"} << "%PDF-1.7\n";
  const auto text = identify_text();
  CAF_CHECK_EQUAL(type_of(text, "ann"), "text/plain");
  // Another begins if these three took too long, but never one for each.
  for (const auto* name : {"page.pdf", "notes.txt", "page.pdf"})
    CAF_CHECK_EQUAL(type_of(identify(name), "ann"),
                    name == std::string{"page.pdf"} ? "application/pdf" : "text/plain");
  CAF_CHECK_LESS(process->begun(), 4u);
  const auto begun = process->begun();
  CAF_CHECK_EQUAL(type_of(text, "bob"), "text/plain");
  CAF_CHECK_EQUAL(process->begun(), begun + 1);
  CAF_CHECK_EQUAL(type_of(text, ""), "text/plain");
  CAF_CHECK_EQUAL(type_of(text, ""), "text/plain");
  CAF_CHECK_EQUAL(process->begun(), begun + 3);
}

CAF_TEST(a job whose process hangs ends with worker_died once it is killed) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.settings = media::encode(media::settings{});
  const auto process = actors::worker_process::start(command);
  CAF_REQUIRE(process);
  ::kill((*process)->pid(), SIGSTOP);
  const auto job = identify_text();
  const auto input = opener()(job).value();
  actors::input_feed growth;
  auto answer = std::async(std::launch::async, [&] {
    return (*process)->run(job, input.get(), {[](double) {}, growth});
  });
  (*process)->kill();
  const auto died = answer.get();
  CAF_REQUIRE(!died);
  CAF_CHECK(died.error().code == errc::worker_died);
  CAF_CHECK(!(*process)->is_alive());
}

CAF_TEST(a process that was killed between two jobs costs none of them) {
  caf::scoped_actor self{sys};
  CAF_CHECK(wait_for(self, identify_text()));
  worker.kill();
  CAF_CHECK(wait_for(self, identify_text()));
}

CAF_TEST(a job that is ended leaves its worker to the next one whenever that is) {
  caf::scoped_actor self{sys};
  CAF_CHECK(wait_for(self, identify_text()));
  const auto before = children();
  auto endless = identify_text(); // its bytes never come
  endless.kind = media::job_kind::early_preview;
  for (std::uint64_t round = 1; round <= 40; ++round) {
    endless.number = round;
    worker.growth->begin();
    // Before it begins, while it does, and after: the later, the later the round.
    auto late = std::async(std::launch::async, [&] {
      std::this_thread::sleep_for(round * 100us);
      worker.end_job(round);
    });
    const auto ended = wait_for(self, endless);
    CAF_REQUIRE(!ended);
    CAF_CHECK(ended.error().code == errc::cancelled);
  }
  auto next = identify_text();
  next.number = 41;
  CAF_CHECK(wait_for(self, next));
  CAF_CHECK(children() == before);
}

CAF_TEST(a job that was ended before its worker began it is not done) {
  caf::scoped_actor self{sys};
  auto unwanted = identify_text();
  unwanted.kind = media::job_kind::early_preview;
  unwanted.number = 1;
  worker.end_job(1);
  const auto ended = wait_for(self, unwanted);
  CAF_REQUIRE(!ended);
  CAF_CHECK(ended.error().code == errc::cancelled);
}

CAF_TEST(a worker that has done its jobs is replaced before the next one) {
  use(media::worker_kind::light, 2);
  caf::scoped_actor self{sys};
  CAF_CHECK(wait_for(self, identify_text()));
  const auto first = children();
  CAF_CHECK_EQUAL(first.size(), 1u);
  CAF_CHECK(wait_for(self, identify_text()));
  CAF_CHECK(wait_for(self, identify_text()));
  const auto third = children();
  CAF_CHECK_EQUAL(third.size(), 1u);
  CAF_CHECK(first != third);
}

CAF_TEST(a program that cannot start is an error and not a hang) {
  actors::worker_command command;
  command.program = path / "no-such-program";
  auto broken = actors::spawn_codec_worker(sys, command, opener());
  std::swap(broken, worker);
  caf::anon_send_exit(broken.actor, caf::exit_reason::user_shutdown);
  broken.actor = nullptr;
  caf::scoped_actor self{sys};
  CAF_CHECK(!wait_for(self, identify_text()));
}

CAF_TEST_FIXTURE_SCOPE_END()
