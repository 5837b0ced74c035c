#pragma once

#include "base/error.hpp"
#include "base/record.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace mediad {

/// The record as clients see it; the one place that knows its shape (docs/openapi.json, `File`).
nlohmann::ordered_json public_json(const file_record& record);

/// The record as the database keeps it: the public shape plus a `private` member.
std::string stored_json(const file_record& record);

/// The inverse of stored_json.
/// @returns errc::internal for anything that stored_json did not write.
result<file_record> parse_stored(std::string_view text);

} // namespace mediad
