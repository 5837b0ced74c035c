#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mediad {

/// Parses what a worker says of a file: untrusted text. The depth is limited because dump() and the
/// destructor of a value work by recursion: a worker that was taken over could otherwise end the
/// server with one packet of brackets.
/// @returns null if @p text is no JSON object, or nests deeper than 8 levels.
nlohmann::ordered_json parse_shallow_object(const std::string& text);

} // namespace mediad
