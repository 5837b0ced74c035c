#include "command/upkeep.hpp"

#include "base/log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace mediad::command {

namespace {

using nlohmann::json;

/// Only this thread: on Linux both are properties of a thread (setpriority(2), ioprio_set(2)).
void yield_to_others() {
  constexpr int nice = 10;
  constexpr int who_is_a_process = 1;
  constexpr int idle_class = 3 << 13;
  const auto self = static_cast<id_t>(::gettid());
  static_cast<void>(::setpriority(PRIO_PROCESS, self, nice));
  static_cast<void>(::syscall(SYS_ioprio_set, who_is_a_process, 0, idle_class));
}

struct inspection {
  std::uint64_t number = 0;
  bool verifies = false;
  bool is_over = false;
  std::string problem; ///< Why it could not be done.
  storage::inspection_report report;
};

std::string findings_of(const storage::inspection_report& report) {
  std::string text;
  const auto add = [&](const char* what, std::uint64_t count) {
    if (count > 0)
      text.append(text.empty() ? "" : ", ").append(std::to_string(count)).append(what);
  };
  add(" files healed", report.healed);
  add(" files processed again", report.made_again);
  add(" names made", report.names_made);
  add(" leftovers removed", report.names_removed);
  add(" files lost", report.lost);
  add(" records unreadable", report.unreadable);
  add(" files that no record knows, and that are kept", report.unknown_blobs);
  return text.empty() ? "nothing" : text;
}

void log_outcome(const inspection& done) {
  if (!done.problem.empty())
    return log::error("storage", "the inspection could not be done: " + done.problem);
  const auto text = std::to_string(done.report.files)
                    + " files were compared with the disk; found: " + findings_of(done.report);
  if (done.report.is_well())
    log::info("storage", text);
  else
    log::error("storage", text);
}

} // namespace

struct upkeep::parts {
  upkeep_deps deps;
  mutable std::mutex guard;
  std::condition_variable_any changed;
  std::uint64_t asked = 0; ///< Number of the newest inspection asked for.
  bool asked_to_verify = false;
  inspection newest;
  std::jthread thread; ///< The last member: it uses the others.

  void work(const std::stop_token& ending);
  void inspect(const std::stop_token& ending);
};

upkeep::upkeep(upkeep_deps deps) : parts_{std::make_unique<parts>()} {
  parts_->deps = std::move(deps);
  parts_->thread = std::jthread{[p = parts_.get()](const std::stop_token& ending) {
    p->work(ending);
  }};
}

upkeep::~upkeep() = default;

void upkeep::parts::work(const std::stop_token& ending) {
  yield_to_others();
  std::unique_lock lock{guard};
  while (changed.wait(lock, ending, [this] { return newest.number < asked; })) {
    newest = {};
    newest.number = asked;
    newest.verifies = std::exchange(asked_to_verify, false);
    lock.unlock();
    inspect(ending);
    lock.lock();
  }
}

void upkeep::parts::inspect(const std::stop_token& ending) {
  storage::inspection_terms terms;
  terms.looks_per_second = deps.settings.inspect_rate;
  terms.bytes_per_second = deps.settings.verify_rate;
  terms.verifies = newest.verifies;
  storage::inspection_hooks hooks;
  hooks.apply = deps.apply;
  hooks.lost_results = deps.process_again;
  hooks.ending = ending;
  hooks.tell = [this](const storage::inspection_report& so_far) {
    const std::lock_guard lock{guard};
    newest.report = so_far;
  };
  auto report = deps.inspect(terms, hooks);
  if (ending.stop_requested())
    return;
  const std::lock_guard lock{guard};
  newest.is_over = true;
  if (report)
    newest.report = std::move(*report);
  else
    newest.problem = report.error().detail;
  log_outcome(newest);
}

std::uint64_t upkeep::ask(bool verifies) {
  const std::lock_guard lock{parts_->guard};
  auto& p = *parts_;
  // One that has not begun yet will do.
  if (p.newest.number == p.asked)
    ++p.asked;
  p.asked_to_verify = p.asked_to_verify || verifies;
  p.changed.notify_all();
  return p.asked;
}

result<json> upkeep::outcome(std::uint64_t number) const {
  const std::lock_guard lock{parts_->guard};
  const auto& p = *parts_;
  if (number > p.asked)
    return fail(errc::not_found, "no such inspection");
  json out{{"number", number}, {"is_over", false}};
  if (p.newest.number >= number) {
    out = report_json(p.newest.report);
    out["number"] = p.newest.number;
    out["is_over"] = p.newest.is_over;
    if (!p.newest.problem.empty())
      out["problem"] = p.newest.problem;
  }
  return result<json>{boost::system::in_place_value, std::move(out)};
}

std::string upkeep::text() const {
  const std::lock_guard lock{parts_->guard};
  const auto& newest = parts_->newest;
  const auto& r = newest.report;
  if (newest.number == 0)
    return "inspection: not begun\n";
  std::string text = "inspection " + std::to_string(newest.number) + ": ";
  if (!newest.problem.empty())
    return text + "could not be done\n";
  text += newest.is_over ? "over" : "under way";
  text += "; " + std::to_string(r.files) + " of " + std::to_string(std::max(r.all_files, r.files))
          + " files, " + std::to_string(r.names) + " names";
  if (newest.verifies)
    text += ", " + std::to_string(r.verified_bytes) + " bytes read";
  return text + "\nfound: " + findings_of(r) + "\n";
}

json report_json(const storage::inspection_report& report) {
  auto lost = json::array();
  for (const auto& file : report.first_lost)
    lost.push_back({{"id", file.id}, {"name", file.name}, {"what", to_string(file.what)}});
  return {{"files", report.files},
          {"all_files", report.all_files},
          {"names", report.names},
          {"verified_bytes", report.verified_bytes},
          {"all_bytes", report.all_bytes},
          {"names_removed", report.names_removed},
          {"names_made", report.names_made},
          {"healed", report.healed},
          {"made_again", report.made_again},
          {"lost", report.lost},
          {"first_lost", std::move(lost)},
          {"unreadable", report.unreadable},
          {"unknown_blobs", report.unknown_blobs},
          {"was_recounted", report.was_recounted}};
}

} // namespace mediad::command
