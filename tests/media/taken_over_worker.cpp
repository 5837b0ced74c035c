// A worker whose jobs try to escape: tests/media/sandbox.cpp drives it like the real one.

#include "media/worker/run_worker.hpp"
#include "tests/media/escapes.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <string_view>
#include <unistd.h>

using namespace mediad;
using namespace mediad::media;

namespace {

int kept_from_the_last_job = 0;

result<job_result> misbehave(const job& work, const job_context&) {
  if (work.name == "crash")
    std::abort();
  job_result done;
  if (work.name == "leave a process") {
    if (::fork() == 0)
      for (;;)
        ::pause();
    return done;
  }
  if (work.name == "remember") {
    done.media = std::to_string(++kept_from_the_last_job);
    return done;
  }
  const tests::targets at{work.input, work.output_dir, work.members.at(0), work.members.at(1),
                          work.members.at(2)};
  const auto tried = work.name == "harmful" ? tests::try_harmful(at) : tests::try_harmless(at);
  done.media = nlohmann::json(tried).dump();
  return done;
}

} // namespace

int main(int argc, char** argv) {
  const bool starts_programs = argc > 1 && std::string_view{argv[1]} == "--starts-programs";
  static const job_module plain{misbehave, [](const job&) { return false; },
                                [] {
                                }};
  static const job_module programs{misbehave, [](const job&) { return true; },
                                   [] {
                                   }};
  const auto ended =
    run_worker(worker_socket_fd, starts_programs ? worker_kind::document : worker_kind::light,
               [&]() -> result<const job_module*> { return starts_programs ? &programs : &plain; });
  return ended ? 0 : 1;
}
