#include "media/worker/perform.hpp"

#include "base/log.hpp"
#include "base/sha256.hpp"
#include "media/job/json.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>

namespace mediad::media {
namespace {

using steady = std::chrono::steady_clock;

// The server passes on at most four a second to each client; more would only wake it.
constexpr auto progress_interval = std::chrono::milliseconds{50};

class progress_sender {
public:
  explicit progress_sender(int socket) : socket_{socket} {}

  void operator()(double fraction) {
    const auto now = steady::now();
    if (now - last_ < progress_interval)
      return;
    last_ = now;
    // If the peer is gone, sending the final answer fails, too, and that ends the job.
    if (auto sent = send_packet(socket_, encode(job_progress{std::clamp(fraction, 0.0, 1.0)}));
        !sent)
      log::debug("worker", sent.error().detail);
  }

private:
  int socket_;
  steady::time_point last_;
};

// Fills in the size and digest of each file that the job has made.
result<> measure_files(const opened_folder& folder, job_result& done) {
  for (auto& file : done.files) {
    const auto made = (folder / file.name).open(O_RDONLY);
    const auto bytes = made ? opened_file{made->get()}.size() : fail(made.error());
    if (!bytes)
      return fail(errc::internal, "a job promised " + file.name + ": " + bytes.error().detail);
    file.bytes = *bytes;
    auto hash = sha256_of_file(opened_file{made->get()});
    if (!hash)
      return fail(hash.error());
    file.sha256 = std::move(*hash);
  }
  return {};
}

result<job_result> run_guarded(const job& work, const job_context& context, job_function run) {
  try {
    auto done = run(work, context);
    if (!done)
      return done;
    if (auto measured = measure_files(context.output, *done); !measured)
      return fail(measured.error());
    return done;
  } catch (const std::exception& e) {
    return fail(errc::internal, std::string{to_string(work.kind)} + ": " + e.what());
  } catch (...) {
    return fail(errc::internal,
                std::string{to_string(work.kind)} + ": an exception of no known type");
  }
}

} // namespace

result<> perform(const taken_job& taken, const worker_settings& options, job_function run,
                 int answers) {
  const job_context context{taken.work.parameters,          options.office,
                            progress_sender{answers},       taken.growth.get(),
                            opened_file{taken.input.get()}, opened_folder{taken.output.get()}};
  auto done = run_guarded(taken.work, context, run);
  const from_worker answer = done ? from_worker{std::move(*done)} : from_worker{done.error()};
  return send_packet(answers, encode(answer));
}

} // namespace mediad::media
