#pragma once

#include "net/access/folder_access.hpp"
#include "net/http/exchange.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net::folders {

/// A folder, as its caller sees it.
nlohmann::ordered_json folder_json(const exchange& x, const seen_folder& folder);

/// Sends one folder, if it was found.
asio::awaitable<void> send_one(exchange& x, http::status status, result<seen_folder> folder);

} // namespace mediad::net::folders
