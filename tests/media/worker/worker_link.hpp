#pragma once

#include "base/file.hpp"
#include "base/process.hpp"
#include "media/job/json.hpp"
#include "media/job/packets.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

/// A worker process and the server's part of the job protocol.
namespace mediad::tests {

struct socket_pair {
  unique_fd ours;
  unique_fd theirs;

  socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::runtime_error{"socketpair"};
    ours = unique_fd{ends[0]};
    theirs = unique_fd{ends[1]};
  }
};

/// A real worker process; killed with the object if it has not ended.
class process {
public:
  explicit process(std::vector<std::string> arguments, std::string program = MEDIAD_CODEC) {
    spawn_options options;
    options.give(link_.theirs.get(), media::worker_socket_fd);
    arguments.insert(arguments.begin(), std::move(program));
    pid_ = options.spawn(std::move(arguments)).value();
    link_.theirs = unique_fd{};
  }
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      static_cast<void>(exit_code());
    }
  }

  int socket() const {
    return link_.ours.get();
  }
  pid_t pid() const {
    return pid_;
  }
  void hang_up() {
    link_.ours = unique_fd{};
  }
  /// Waits for its end; negative: the signal that ended it.
  int exit_code() {
    int state = 0;
    ::waitpid(std::exchange(pid_, -1), &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -WTERMSIG(state);
  }

private:
  socket_pair link_;
  pid_t pid_ = -1;
};

/// Everything that comes back from one job: the end last, before it the progress.
inline media::from_worker final_answer(int answers, const std::function<void(double)>& progress) {
  for (;;) {
    auto answer = media::decode_answer(media::receive_packet(answers).value()).value();
    const auto* step = std::get_if<media::job_progress>(&answer);
    if (step == nullptr)
      return answer;
    progress(step->fraction);
  }
}

struct begun_job {
  unique_fd answers; ///< The end on which answers come.
  unique_fd process; ///< A pidfd.
};

/// Hands @p work over with its descriptors, one of them of @p file.
inline begun_job begin(int socket, const media::job& work, const std::filesystem::path& file) {
  const auto input = open_file(file, O_RDONLY).value();
  socket_pair answers;
  media::send_job(socket, work, {input.get(), answers.theirs.get()}).value();
  answers.theirs = unique_fd{};
  auto process = media::receive_begun(answers.ours.get()).value();
  return {std::move(answers.ours), std::move(process)};
}

/// @returns where the answers come.
inline unique_fd hand_over(int socket, const media::job& work, const std::filesystem::path& file) {
  return begin(socket, work, file).answers;
}

} // namespace mediad::tests
