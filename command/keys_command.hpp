#pragma once

#include "base/error.hpp"
#include "config/settings.hpp"
#include "net/access/signing_keys.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

/// The keys that sign addresses and upload tickets.
namespace mediad::command {

/// Where a data folder has them: in a file that its owner alone may read.
std::filesystem::path keys_file_of(const std::filesystem::path& root);

/// Does what `mediad keys` asks of a running server: `{"forget":false}`.
/// @returns `{"keys":n}`, those that verify now.
result<nlohmann::json> rotate_keys(const nlohmann::json& request, net::signing_keys& keys);

/// `mediad keys rotate`: has a running server do it, or does it here if none runs.
/// @returns the exit status.
int rotate_keys(const config::settings& s, bool forgets_old);

} // namespace mediad::command
