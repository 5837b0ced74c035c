#pragma once

#include "net/access/folder_access.hpp"
#include "net/http/exchange.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mediad::net {

/// The id of the folder that the member `folder` of a body names, by id or by path: one that the
/// caller owns. Without it, or if it is null or empty, the caller's root: empty, unless the caller
/// has no more than a folder.
/// @returns errc::bad_request, with a sentence for the client, if it is no text or no path;
///          not_found for any other folder.
result<std::string> own_folder_in(const exchange& x, const nlohmann::json& body);

} // namespace mediad::net
