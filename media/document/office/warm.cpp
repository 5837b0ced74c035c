#include "media/document/office/warm.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "media/document/office/process.hpp"
#include "media/document/office/run.hpp"
#include "media/document/office/time_budget.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace mediad::media::office {
namespace {

using steady = std::chrono::steady_clock;

// A larger document is converted on disk: the home of this office lies in memory.
constexpr std::uint64_t max_input_bytes = 64U << 20U;

/// The LibreOffice that waits for the document of this process.
struct ready_office {
  std::filesystem::path home; ///< Its home folder, as this process reaches it.
  unique_fd link;             ///< Socket to it: connected, and greeted.
};

// One process runs one job and has one office, so a static needs no lock.
ready_office& waiting() {
  static ready_office only;
  return only;
}

bool has_ended(int link) {
  pollfd polled{link, POLLIN, 0};
  return ::poll(&polled, 1, 0) != 0; // LibreOffice sends nothing before it gets a request
}

// Reads up to a closing 0, which is left out. Empty at the end of the stream or at the deadline.
std::string read_word(int link, steady::time_point deadline) {
  constexpr std::size_t longest = 100;
  std::string word;
  while (word.size() < longest) {
    const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady::now()).count();
    pollfd polled{link, POLLIN, 0};
    const auto ready = ::poll(&polled, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready < 0 && errno == EINTR)
      continue;
    char byte = 0;
    if (ready <= 0 || ::read(link, &byte, 1) != 1)
      return {};
    if (byte == 0)
      return word;
    word += byte;
  }
  return {};
}

// The name of the socket has the user's number and a digest of the profile's URL in it.
std::filesystem::path find_socket(const std::filesystem::path& home) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry{home, failed}, end; !failed && entry != end;
       entry.increment(failed))
    if (entry->path().filename().string().starts_with("OSL_PIPE_"))
      return entry->path();
  return {};
}

unique_fd connect_to(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = path.string();
  if (name.empty() || name.size() >= sizeof address.sun_path)
    return {};
  std::memcpy(address.sun_path, name.data(), name.size());
  unique_fd link{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!link || ::connect(link.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return {};
  return link;
}

// Reaps the children that have ended. @returns whether any is left.
bool is_any_child_alive() {
  pid_t ended = 0;
  while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
  }
  return ended == 0;
}

// What a second soffice sends: the directory it runs in, and its arguments, in which the separators
// are escaped.
std::string request_of(const std::vector<std::string>& arguments) {
  std::string request = "InternalIPC::Arguments1file:///tmp";
  for (const auto& argument : arguments) {
    request += ',';
    for (const char c : argument) {
      if (c == ',' || c == '\\')
        request += '\\';
      request += c;
    }
  }
  request += '\0';
  return request;
}

} // namespace

void exec_office(const worker_settings& options) {
  const std::filesystem::path home = "/tmp";
  if (auto made = make_profile(home); !made)
    return log::error("worker", made.error());
  auto arguments = start_arguments(home);
  arguments.emplace_back("--nodefault"); // no empty document: it waits for ours
  exec_program({options.office.program, std::move(arguments), home, home / "messages", {}});
}

void await_office(const worker_settings& options, int folder) {
  constexpr auto pause = std::chrono::milliseconds{5};
  const std::filesystem::path home = "/proc/self/fd/" + std::to_string(folder);
  const auto deadline = steady::now() + std::chrono::seconds{options.office.timeout_s};
  // On its first start LibreOffice may restart itself: then the first connection breaks.
  while (is_any_child_alive() && steady::now() < deadline) {
    auto link = connect_to(find_socket(home));
    if (link && read_word(link.get(), deadline) == "InternalIPC::SendArguments") {
      waiting() = {home, std::move(link)};
      return;
    }
    std::this_thread::sleep_for(pause);
  }
  log::warning("worker", "LibreOffice could not be started ahead of its document");
}

bool is_ready_for(const opened_file& input) {
  if (!waiting().link || has_ended(waiting().link.get()))
    return false;
  const auto bytes = input.size();
  return bytes && *bytes <= max_input_bytes;
}

result<> convert_in_ready_office(const conversion& what, const office_options& options) {
  const auto [home, link] = std::exchange(waiting(), {});
  const auto source = copy_with_extension(what, home);
  if (!source)
    return fail(source.error());
  const auto limit = time_for(what.input, options);
  const time_budget time{limit};
  const auto request = request_of(conversion_arguments(what, *source));
  if (::write(link.get(), request.data(), request.size()) != static_cast<ssize_t>(request.size()))
    return fail(errc::internal, "LibreOffice has ended before its document came");
  while (!has_ended(link.get())) {
    if (time.is_spent())
      return fail(errc::timeout,
                  "LibreOffice took more than " + std::to_string(limit.count()) + " ms");
    pollfd polled{link.get(), POLLIN, 0};
    ::poll(&polled, 1, static_cast<int>(time.next_look().count()));
  }
  // It has answered; or it has crashed, and take_made() finds out whether it has made anything.
  return take_made(what, home);
}

} // namespace mediad::media::office
