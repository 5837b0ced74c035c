#include "command/sandbox_check.hpp"

#include "actors/codec/process.hpp"
#include "base/log.hpp"
#include "media/job/json.hpp"

#include <chrono>
#include <future>

namespace mediad::command {

namespace {

// OpenImageIO has taken 1.6 s to load from a cold disk.
constexpr std::chrono::seconds worker_start_limit{20};

} // namespace

result<media::sandbox_report> ask_for_sandbox(const std::filesystem::path& program,
                                              const media::worker_settings& options,
                                              media::worker_kind kind) {
  actors::worker_command command;
  command.program = program;
  command.kind = kind;
  command.settings = media::encode(options);
  auto worker = actors::worker_process::start(command);
  if (!worker)
    return fail(worker.error());
  auto answer = std::async(std::launch::async, [&worker] { return (*worker)->await_report(); });
  if (answer.wait_for(worker_start_limit) != std::future_status::ready) {
    (*worker)->kill();
    return fail(errc::timeout,
                "it did not answer in " + std::to_string(worker_start_limit.count()) + " s");
  }
  return answer.get();
}

result<media::sandbox_report> check_sandbox(const std::filesystem::path& program,
                                            const media::worker_settings& options) {
  // Which worker makes no difference: all parts depend on the kernel and on our rights.
  auto report = ask_for_sandbox(program, options, media::worker_kind::light);
  if (!report && options.sandbox.required)
    return fail(report.error());
  if (!report) {
    log::error("sandbox", report.error());
    return media::sandbox_report{}; // a worker that cannot start does no harm; the pool tries again
  }
  log::info("sandbox", "jobs are protected by " + media::describe_parts(*report));
  if (report->is_complete())
    return report;
  const auto missing = "this system does not give " + media::describe_missing(*report);
  if (options.sandbox.required)
    return fail(errc::internal, missing + ", and sandbox.required is set");
  log::warning("sandbox", missing + ": jobs go on without");
  return report;
}

void register_sandbox(const media::sandbox_report& report, metrics::registry& all) {
  const auto gauge = [&all](const std::string& part, bool is_on) {
    all
      .add_gauge("mediad_sandbox_part", "Whether this part of the workers' sandbox is on.",
                 {{"part", part}})
      .store(is_on ? 1 : 0);
  };
  gauge("no_new_privs", report.no_new_privileges);
  gauge("rlimits", report.resource_limits);
  gauge("seccomp", report.seccomp);
  gauge("landlock", report.landlock > 0);
  gauge("network_namespace", report.network);
  gauge("process_namespace", report.processes);
}

} // namespace mediad::command
