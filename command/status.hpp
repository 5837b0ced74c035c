#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/metrics.hpp"
#include "config/settings.hpp"
#include "storage/view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// The status of a server: one JSON object, for the socket for commands, and for `mediad status`
/// without a server.
namespace mediad::command {

/// What only a running server knows of itself.
struct running_server {
  std::vector<std::string> urls; ///< As net::server::urls() tells them.
  unix_ms started_at = 0;
  const metrics::registry* numbers = nullptr;
  std::size_t max_backlog = 0; ///< As processing.max_backlog says.
};

/// `files` (by status), `uploads`, `events`, `disk`: what the database and the folders tell, also
/// without a server, of all users together. Once 10,000 failed files, or cancelled ones, of a user
/// have been found, the count of these ends.
result<nlohmann::json> status_of_stored(const storage::view& files);

/// The same, and `version`, `pid`, `started_at`, `uptime_s`, `addresses`, `lanes`, `workers`,
/// `backlog`, `connections`.
result<nlohmann::json> status_of_running(const running_server& server, const storage::view& files);

/// `copies` of the database: how many are `kept`, and when the `newest` was made (null: there is
/// none).
nlohmann::json status_of_copies(const std::filesystem::path& root);

/// The same in lines for people. What @p status does not have is left out.
std::string status_text(const nlohmann::json& status);

/// `mediad status`: asks the server that runs on `storage.root`; without one, tells what is stored
/// there, says on standard error that none runs, and returns exit_not_running.
int status(const config::settings& s, bool as_json);

} // namespace mediad::command
