#include "actors/copier.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/process.hpp"

#include <caf/actor_clock.hpp>
#include <caf/atom.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace mediad::actors {
namespace {

using std::chrono::milliseconds;

// Private: tick_atom begins a copy that is due, get_atom looks whether it is made.
using copier_impl =
  copier_actor::extend<caf::reacts_to<caf::tick_atom>, caf::reacts_to<caf::get_atom>>;

/// A start has other things to do first.
constexpr milliseconds after_start = std::chrono::minutes{5};
constexpr milliseconds retry_limit = std::chrono::hours{1};
constexpr milliseconds look_interval{100};

/// A copy that is being made.
struct running_copy {
  child_process process;
  unique_fd errors; ///< What it writes to standard error.
};

result<running_copy> begin_copy(const std::vector<std::string>& command) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return fail_errno(errno, "pipe2");
  unique_fd errors{ends[0]};
  const unique_fd written{ends[1]};
  spawn_options options;
  options.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  options.open(STDOUT_FILENO, "/dev/null", O_WRONLY);
  options.give(written.get(), STDERR_FILENO);
  constexpr int first_other = STDERR_FILENO + 1;
  options.close_from(first_other);
  options.unblock_signals();
  options.reset_signals();
  const auto pid = options.spawn(command);
  if (!pid)
    return fail(pid.error());
  return running_copy{child_process{*pid}, std::move(errors)};
}

/// What the process said; it has ended, so that all is there.
std::string said(const unique_fd& errors) {
  constexpr std::string_view prefix = "mediad: ";
  std::array<char, 4096> block{};
  const auto n = ::read(errors.get(), block.data(), block.size());
  std::string text{block.data(), static_cast<std::size_t>(std::max<::ssize_t>(n, 0))};
  if (text.compare(0, prefix.size(), prefix) == 0)
    text.erase(0, prefix.size());
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

struct copier_state {
  static inline const char* name = "copier";

  copier_state() = default;

  void init(copier_impl::pointer own, copier_settings limits, copier_deps needed) {
    self = own;
    settings = limits;
    deps = std::move(needed);
    const std::string called = "mediad_database_copies_total";
    const std::string help = "Copies of the database that were made, and that failed.";
    made = &deps.metrics->add_counter(called, help, {{"result", "made"}});
    failed = &deps.metrics->add_counter(called, help, {{"result", "failed"}});
    newest = &deps.metrics->add_gauge("mediad_database_copy_time_seconds",
                                      "When the newest copy of the database was made; 0: never.");
    wait(due_in());
  }

  /// Time until the next copy is due, as the newest one says.
  milliseconds due_in() const {
    constexpr unix_ms thousand = 1'000;
    const auto last = deps.newest();
    *newest = static_cast<std::uint64_t>(std::max<unix_ms>(last, 0) / thousand);
    const auto first = std::min(after_start, settings.interval);
    return std::clamp(settings.interval - milliseconds{now_ms() - last}, first, settings.interval);
  }

  void wait(milliseconds time) {
    due = self->clock().now() + time;
    self->delayed_send(self, time, caf::tick_atom_v);
  }

  void make() {
    if (running)
      return;
    auto begun = begin_copy(deps.command);
    if (!begun)
      return note(begun.error().detail);
    running.emplace(std::move(*begun));
    self->delayed_send(self, look_interval, caf::get_atom_v);
  }

  /// One that was asked for has put off the one that was due.
  void make_if_due() {
    if (self->clock().now() >= due)
      make();
  }

  void look() {
    const auto status = running->process.ended();
    if (!status) {
      self->delayed_send(self, look_interval, caf::get_atom_v);
      return;
    }
    auto text = *status == 0 ? std::string{} : said(running->errors);
    if (*status != 0 && text.empty())
      text = "the process that makes it ended with " + std::to_string(*status);
    running.reset();
    note(text);
  }

  /// @param problem  empty: the copy is made.
  void note(const std::string& problem) {
    ++*(problem.empty() ? made : failed);
    if (problem.empty())
      return wait(due_in());
    log::error("storage", "no copy of the database: " + problem);
    wait(std::min(retry_limit, settings.interval));
  }

  copier_impl::pointer self = nullptr;
  copier_settings settings;
  copier_deps deps;
  metrics::number* made = nullptr;
  metrics::number* failed = nullptr;
  metrics::number* newest = nullptr;
  caf::actor_clock::time_point due;
  std::optional<running_copy> running;
};

copier_impl::behavior_type copier(copier_impl::stateful_pointer<copier_state> self,
                                  copier_settings settings, copier_deps deps) {
  self->state.init(self, settings, std::move(deps));
  return {
    [self](copy_atom) { self->state.make(); },
    [self](caf::tick_atom) { self->state.make_if_due(); },
    [self](caf::get_atom) { self->state.look(); },
  };
}

} // namespace

copier_actor spawn_copier(caf::actor_system& sys, copier_settings settings, copier_deps deps) {
  return sys.spawn(copier, settings, std::move(deps));
}

} // namespace mediad::actors
