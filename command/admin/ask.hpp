#pragma once

#include "base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace mediad::command {

/// Has the server that runs on @p root do @p request (see admin_server), and waits for its answer.
/// @returns errors of connect_to; timeout if it takes more than five seconds; what the server says.
result<nlohmann::json> ask_server(const std::filesystem::path& root, const nlohmann::json& request);

/// Whether a server takes commands on @p root.
/// @returns errors of connect_to, but for not_found.
result<bool> finds_server(const std::filesystem::path& root);

} // namespace mediad::command
