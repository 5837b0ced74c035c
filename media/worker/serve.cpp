#include "media/worker/serve.hpp"

#include "base/log.hpp"
#include "base/sha256.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

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
    // A peer that is gone shows again at the final answer, which ends the worker.
    if (auto sent = send_packet(socket_, encode(job_progress{std::clamp(fraction, 0.0, 1.0)}));
        !sent)
      log::debug("worker", sent.error().detail);
  }

private:
  int socket_;
  steady::time_point last_;
};

result<> weigh(const job& work, job_result& done) {
  for (auto& file : done.files) {
    const auto path = std::filesystem::path{work.output_dir} / file.name;
    std::error_code failed;
    file.bytes = std::filesystem::file_size(path, failed);
    if (failed)
      return fail(errc::internal, "a job promised " + file.name + ": " + failed.message());
    auto hash = sha256_of_file(path);
    if (!hash)
      return fail(hash.error());
    file.sha256 = std::move(*hash);
  }
  return {};
}

result<job_result> perform(const job& work, const job_context& context, job_function run) {
  try {
    auto done = run(work, context);
    if (!done)
      return done;
    if (auto weighed = weigh(work, *done); !weighed)
      return fail(weighed.error());
    return done;
  } catch (const std::exception& e) {
    return fail(errc::internal, std::string{to_string(work.kind)} + ": " + e.what());
  } catch (...) {
    return fail(errc::internal,
                std::string{to_string(work.kind)} + ": an exception of no known type");
  }
}

from_worker answer_to(const job& work, const job_context& context, job_function run) {
  auto done = perform(work, context, run);
  if (!done)
    return done.error();
  return std::move(*done);
}

} // namespace

result<> serve(int socket, job_function run) {
  const auto first = receive_packet(socket);
  if (!first)
    return fail(first.error());
  const auto options = decode_settings(*first);
  if (!options)
    return fail(options.error());
  for (;;) {
    const auto packet = receive_packet(socket);
    if (!packet && packet.error().code == errc::worker_died)
      return {}; // the ordinary end: the server has closed its socket
    if (!packet)
      return fail(packet.error());
    const auto work = decode_job(*packet);
    if (!work)
      return fail(work.error());
    const job_context context{*options, progress_sender{socket}};
    if (auto sent = send_packet(socket, encode(answer_to(*work, context, run))); !sent)
      return sent;
  }
}

} // namespace mediad::media
