#pragma once

#include "actors/codec/worker.hpp"
#include "actors/config.hpp"
#include "actors/errors.hpp"
#include "media/job/json.hpp"
#include "tests/temp_root.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/test/unit_test.hpp>

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <utility>

namespace mediad::tests {

/// Longest wait for a job.
inline constexpr std::chrono::seconds limit{30};

/// A real `mediad-codec` process and its keeper.
struct worker_fixture : temp_root {
  actors::config cfg;
  caf::actor_system sys{cfg};
  actors::codec_worker worker;

  worker_fixture() {
    actors::worker_command command;
    command.program = MEDIAD_CODEC_PROGRAM;
    command.settings = media::encode(media::settings{});
    worker = actors::spawn_codec_worker(sys, command, opener());
  }

  // A handle to a detached actor that has ended must not outlive the system.
  ~worker_fixture() {
    caf::anon_send_exit(worker.actor, caf::exit_reason::user_shutdown);
    worker.kill();
    worker.actor = nullptr;
  }

  /// Opens the file of a job's name.
  actors::input_opener opener() const {
    return [this](const media::job& j) {
      return open_file(path / j.name, O_RDONLY);
    };
  }

  media::job identify(const std::string& name) const {
    media::job j;
    j.file_id = "f1";
    j.name = name;
    j.output_dir = path;
    return j;
  }

  media::job identify_text() const {
    std::ofstream{path / "notes.txt"} << "To be, or not to be.\n";
    return identify("notes.txt");
  }

  /// Replaces the worker by one of another kind, or with other limits.
  void use(media::worker_kind kind, std::uint32_t max_jobs = 1'000) {
    actors::worker_command command;
    command.program = MEDIAD_CODEC_PROGRAM;
    command.kind = kind;
    command.max_jobs = max_jobs;
    command.settings = media::encode(media::settings{});
    auto other = actors::spawn_codec_worker(sys, command, opener());
    std::swap(other, worker);
    caf::anon_send_exit(other.actor, caf::exit_reason::user_shutdown);
    other.actor = nullptr;
  }

  result<media::job_result> wait_for(caf::scoped_actor& self, const media::job& j,
                                     const progress_sink& sink = {}) {
    result<media::job_result> answer = fail(errc::internal, "no answer");
    self->request(worker.actor, limit, run_atom_v, j, sink)
      .receive([&](media::job_result& r) { answer = result<media::job_result>{std::move(r)}; },
               [&](const caf::error& e) { answer = result<media::job_result>{fail(from_caf(e))}; });
    return answer;
  }
};

} // namespace mediad::tests
