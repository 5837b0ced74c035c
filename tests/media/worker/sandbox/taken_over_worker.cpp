// A worker whose jobs try to escape: tests/media/worker/sandbox/sandbox.cpp drives it like the real
// one.

#include "media/job/json.hpp"
#include "media/job/packets.hpp"
#include "media/worker/run_worker.hpp"
#include "tests/media/worker/sandbox/escapes.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <poll.h>
#include <sched.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

using namespace mediad;
using namespace mediad::media;

namespace {

int kept_from_the_last_job = 0;

[[noreturn]] void answer_and_stay() {
  struct stat facts {};
  for (int fd = STDERR_FILENO + 1; fd < 64; ++fd)
    if (::fstat(fd, &facts) == 0 && S_ISSOCK(facts.st_mode))
      static_cast<void>(send_packet(fd, encode(from_worker{job_result{}})));
  for (;;)
    ::sched_yield();
}

result<job_result> misbehave(const job& work, const job_context& context) {
  if (work.name == "crash")
    std::abort();
  job_result done;
  if (work.name == "leave a process" || work.name == "leave a process and stay") {
    if (::fork() != 0) {
      if (work.name == "leave a process")
        return done;
      context.progress(0.5);
    }
    for (;;)
      ::poll(nullptr, 0, -1);
  }
  if (work.name == "answer and stay")
    answer_and_stay();
  if (work.name == "remember") {
    done.media = std::to_string(++kept_from_the_last_job);
    return done;
  }
  const tests::targets at{context.input.name(), work.output_dir, work.members.at(0).name,
                          work.members.at(1).name, work.members.at(2).name};
  const auto tried = work.name == "harmful" ? tests::try_harmful(at) : tests::try_harmless(at);
  done.media = nlohmann::json(tried).dump();
  return done;
}

} // namespace

int main(int argc, char** argv) {
  const bool starts_programs = argc > 1 && std::string_view{argv[1]} == "--starts-programs";
  static const job_module plain{misbehave, [](const opened_file&) { return false; },
                                [] {
                                }};
  static const job_module programs{misbehave, [](const opened_file&) { return true; },
                                   [] {
                                   }};
  const auto ended =
    run_worker(worker_socket_fd, starts_programs ? worker_kind::office : worker_kind::light,
               [&]() -> result<const job_module*> { return starts_programs ? &programs : &plain; });
  return ended ? 0 : 1;
}
