// mediad-codec: the program that decodes untrusted bytes, one job at a time. Started by the server,
// never by hand: it speaks the job protocol on descriptor 3.

#include "base/log.hpp"
#include "media/job/module.hpp"
#include "media/job/packets.hpp"
#include "media/worker/run_worker.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <span>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace {

using namespace mediad;
using namespace mediad::media;

struct arguments {
  worker_kind kind = worker_kind::light;
  int nice = 0;
};

std::optional<int> parse_nice(std::string_view word) {
  int value = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (failed != std::errc{} || end != word.data() + word.size() || value < 0 || value > 19)
    return std::nullopt;
  return value;
}

result<arguments> parse_arguments(std::span<char*> words) {
  arguments parsed;
  bool has_kind = false;
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const std::string_view option = words[i];
    const std::string_view value = i + 1 < words.size() ? words[i + 1] : "";
    if (const auto kind = parse_worker_kind(value); option == "--kind" && kind) {
      parsed.kind = *kind;
      has_kind = true;
    } else if (const auto nice = parse_nice(value); option == "--nice" && nice) {
      parsed.nice = *nice;
    } else {
      return fail(errc::bad_request,
                  "cannot use " + std::string{option} + " " + std::string{value});
    }
  }
  if (!has_kind)
    return fail(errc::bad_request, "--kind is missing");
  return parsed;
}

result<> prepare_process(const arguments& asked) {
  // Without the server no process can use the result.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return fail_errno(errno, "prctl");
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) // NOLINT(bugprone-signal-handler): no handler
    return fail_errno(errno, "signal");
  const rlimit no_core{0, 0}; // a core file would hold a user's picture
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0)
    return fail_errno(errno, "setrlimit");
  if (asked.nice != 0 && ::setpriority(PRIO_PROCESS, 0, asked.nice) != 0)
    return fail_errno(errno, "setpriority");
  // As many threads as cores in each of as many workers as the operator wants threads: LibRaw.
  if (::setenv("OMP_NUM_THREADS", "1", 1) != 0) // NOLINT(concurrency-mt-unsafe): one thread yet
    return fail_errno(errno, "setenv");
  int type = 0;
  socklen_t length = sizeof type;
  if (::getsockopt(worker_socket_fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0
      || type != SOCK_SEQPACKET)
    return fail(errc::bad_request,
                "descriptor 3 is no packet socket: this program is started by mediad");
  return {};
}

// Looked up beside the program only: no search path, so no other library can be slipped in.
result<const job_module*> load(worker_kind kind) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed)
    return fail(errc::internal, "/proc/self/exe: " + failed.message());
  const auto library =
    program.parent_path() / ("mediad-codec-" + std::string{to_string(kind)} + ".so");
  auto* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto* symbol = handle != nullptr ? ::dlsym(handle, jobs_symbol) : nullptr;
  if (symbol == nullptr)
    return fail(errc::internal, ::dlerror()); // NOLINT(concurrency-mt-unsafe): one thread yet
  return reinterpret_cast<decltype(&mediad_codec_jobs)>(symbol)();
}

result<> run(std::span<char*> words) {
  const auto asked = parse_arguments(words);
  if (!asked)
    return fail(asked.error());
  if (auto ready = prepare_process(*asked); !ready)
    return ready;
  return run_worker(worker_socket_fd, asked->kind, [&] { return load(asked->kind); });
}

} // namespace

int main(int argc, char** argv) {
  const auto ended = run({argv, static_cast<std::size_t>(argc)});
  if (ended)
    return 0;
  log::error("worker", ended.error());
  return ended.error().code == errc::bad_request ? 2 : 1;
}
