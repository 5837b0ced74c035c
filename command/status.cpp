#include "command/status.hpp"

#include "base/account.hpp"
#include "media/job/job.hpp"
#include "storage/copies/copies.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace mediad::command {

namespace {

using nlohmann::json;

constexpr std::array worker_kinds{media::worker_kind::light, media::worker_kind::deep_image,
                                  media::worker_kind::av, media::worker_kind::document,
                                  media::worker_kind::office};

result<std::uint64_t> count_of(const storage::view& files, const std::string& user,
                               mediad::status state) {
  constexpr std::uint64_t enough = 10'000;
  storage::list_query query;
  query.user = user;
  query.state = state;
  query.limit = 500;
  std::uint64_t found = 0;
  do {
    auto page = files.list(query);
    if (!page)
      return fail(page.error());
    found += page->files.size();
    query.cursor = std::move(page->cursor);
  } while (!query.cursor.empty() && found < enough);
  return found;
}

/// Files of all users in one state.
result<std::uint64_t> count(const storage::view& files, const std::vector<user_row>& users,
                            mediad::status state) {
  std::uint64_t found = 0;
  for (const auto& one : users) {
    const auto own = count_of(files, one.id, state);
    if (!own)
      return own;
    found += *own;
  }
  return found;
}

/// What all users take up together.
result<storage::usage> usage_of(const storage::view& files, const std::vector<user_row>& users) {
  storage::usage all;
  for (const auto& one : users) {
    const auto own = files.find_usage(one.id);
    if (!own)
      return own;
    all += *own;
  }
  return all;
}

/// How many unfinished files wait for their work to begin, and how many have begun.
result<std::pair<std::uint64_t, std::uint64_t>> count_unfinished(const storage::view& files) {
  const auto ids = files.unfinished();
  if (!ids)
    return fail(ids.error());
  std::pair<std::uint64_t, std::uint64_t> waiting_and_begun;
  for (const auto& id : *ids) {
    const auto record = files.find(id);
    // It may have been removed meanwhile.
    if (!record && record.error().code != errc::not_found)
      return fail(record.error());
    if (record && record->state == mediad::status::registered)
      ++waiting_and_begun.first;
    if (record && record->state == mediad::status::processing)
      ++waiting_and_begun.second;
  }
  return waiting_and_begun;
}

result<json> status_of_files(const storage::view& files, const std::vector<user_row>& users,
                             const storage::usage& used) {
  const auto unfinished = count_unfinished(files);
  if (!unfinished)
    return fail(unfinished.error());
  const auto failed = count(files, users, mediad::status::failed);
  if (!failed)
    return fail(failed.error());
  const auto cancelled = count(files, users, mediad::status::cancelled);
  if (!cancelled)
    return fail(cancelled.error());
  const auto [registered, processing] = *unfinished;
  const auto other = registered + processing + *failed + *cancelled;
  json out{{"total", used.files},
           {"bytes", used.bytes},
           {"registered", registered},
           {"processing", processing},
           {"ready", used.files - std::min(used.files, other)},
           {"failed", *failed},
           {"cancelled", *cancelled}};
  return result<json>{boost::system::in_place_value, std::move(out)};
}

json lanes_of(const metrics::registry& numbers) {
  auto out = json::array();
  for (const auto* lane : {"preview", "batch"}) {
    const metrics::labels with{{"lane", lane}};
    out.push_back({{"name", lane},
                   {"configured", numbers.value("mediad_lane_slots", with)},
                   {"running", numbers.value("mediad_jobs_running", with)},
                   {"waiting", numbers.value("mediad_jobs_waiting", with)},
                   {"stopped", numbers.value("mediad_jobs_stopped", with)}});
  }
  return out;
}

json workers_of(const metrics::registry& numbers) {
  auto out = json::array();
  for (const auto kind : worker_kinds) {
    const metrics::labels with{{"kind", std::string{to_string(kind)}}};
    out.push_back({{"kind", to_string(kind)},
                   {"processes", numbers.value("mediad_workers", with)},
                   {"busy", numbers.value("mediad_workers_busy", with)}});
  }
  return out;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < units.size(); ++unit)
    amount /= 1024;
  std::ostringstream out;
  out.precision(unit == 0 ? 0 : 1);
  out << std::fixed << amount << ' ' << units.at(unit);
  return out.str();
}

std::string time_text(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (seconds >= day)
    return std::to_string(seconds / day) + " d " + std::to_string(seconds % day / hour) + " h";
  if (seconds >= hour)
    return std::to_string(seconds / hour) + " h " + std::to_string(seconds % hour / minute)
           + " min";
  if (seconds >= minute)
    return std::to_string(seconds / minute) + " min " + std::to_string(seconds % minute) + " s";
  return std::to_string(seconds) + " s";
}

void describe_copies(std::ostream& out, const json& copies) {
  out << "copies      " << copies.at("kept") << " of the database";
  if (copies.at("newest").is_string())
    out << ", the newest of " << copies.at("newest").get<std::string>();
  out << '\n';
}

void describe_server(std::ostream& out, const json& answer) {
  out << "version     " << answer.at("version").get<std::string>() << ", process "
      << answer.at("pid") << ", up " << time_text(answer.at("uptime_s").get<std::int64_t>())
      << '\n';
  for (const auto& address : answer.at("addresses"))
    out << "address     " << address.get<std::string>() << '\n';
  out << "connections " << answer.at("connections") << '\n';
  for (const auto& lane : answer.at("lanes")) {
    out << "lane        " << lane.at("name").get<std::string>() << ": " << lane.at("running")
        << " of " << lane.at("configured") << " running, " << lane.at("waiting") << " waiting";
    if (lane.at("stopped") != 0)
      out << ", " << lane.at("stopped") << " stopped while others have short ones";
    out << '\n';
  }
  for (const auto& worker : answer.at("workers"))
    if (worker.at("processes") != 0)
      out << "workers     " << worker.at("kind").get<std::string>() << ": "
          << worker.at("processes") << ", " << worker.at("busy") << " busy\n";
  const auto& backlog = answer.at("backlog");
  out << "backlog     " << backlog.at("unfinished") << " of " << backlog.at("configured")
      << " unfinished files\n";
}

} // namespace

result<json> status_of_stored(const storage::view& files) {
  const auto users = files.users();
  if (!users)
    return fail(users.error());
  const auto used = usage_of(files, *users);
  if (!used)
    return fail(used.error());
  auto by_status = status_of_files(files, *users, *used);
  if (!by_status)
    return by_status;
  const auto events = files.events();
  if (!events)
    return fail(events.error());
  const auto free = files.free_bytes();
  if (!free)
    return fail(free.error());
  json out{{"running", false},
           {"files", std::move(*by_status)},
           {"uploads", {{"open", used->open_uploads}, {"open_bytes", used->open_bytes}}},
           {"events", {{"oldest", events->oldest}, {"newest", events->newest}}},
           {"disk", {{"free_bytes", *free}}}};
  return result<json>{boost::system::in_place_value, std::move(out)};
}

result<json> status_of_running(const running_server& server, const storage::view& files) {
  auto out = status_of_stored(files);
  if (!out)
    return out;
  auto& all = *out;
  all["running"] = true;
  all["version"] = MEDIAD_VERSION;
  all["pid"] = ::getpid();
  all["started_at"] = to_rfc3339(server.started_at);
  all["uptime_s"] = std::max<unix_ms>(now_ms() - server.started_at, 0) / 1'000;
  all["addresses"] = server.urls;
  all["lanes"] = lanes_of(*server.numbers);
  all["workers"] = workers_of(*server.numbers);
  const auto& files_now = all["files"];
  all["backlog"] = {{"configured", server.max_backlog},
                    {"unfinished", files_now["registered"].get<std::uint64_t>()
                                     + files_now["processing"].get<std::uint64_t>()}};
  all["connections"] = server.numbers->value("mediad_connections");
  all["uploads"]["receiving"] = server.numbers->value("mediad_uploads_receiving");
  return out;
}

json status_of_copies(const std::filesystem::path& root) {
  const auto all = storage::find_copies(root);
  const auto count = all ? all->size() : 0;
  json out{{"kept", count}, {"newest", nullptr}};
  if (count > 0)
    out["newest"] = to_rfc3339(all->back().made_at);
  return out;
}

std::string status_text(const json& status) {
  std::ostringstream out;
  if (status.at("running").get<bool>())
    describe_server(out, status);
  const auto& uploads = status.at("uploads");
  out << "uploads     ";
  if (uploads.contains("receiving"))
    out << uploads.at("receiving") << " arriving, ";
  out << uploads.at("open") << " open, for which "
      << size_text(uploads.at("open_bytes").get<std::uint64_t>()) << " are kept\n";
  const auto& files = status.at("files");
  out << "files       " << files.at("total") << " with "
      << size_text(files.at("bytes").get<std::uint64_t>());
  for (const auto* state : {"registered", "processing", "ready", "failed", "cancelled"})
    out << ", " << files.at(state) << ' ' << state;
  out << "\nevents      newest " << status.at("events").at("newest") << ", oldest kept "
      << status.at("events").at("oldest") << '\n'
      << "disk        " << size_text(status.at("disk").at("free_bytes").get<std::uint64_t>())
      << " free for uploads\n";
  if (status.contains("copies"))
    describe_copies(out, status.at("copies"));
  return out.str();
}

} // namespace mediad::command
