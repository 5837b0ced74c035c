#pragma once

#include "base/record.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace mediad {

/// The record as clients see it; the one place that knows its shape (docs/openapi.json, `File`).
/// @param base_path  put before each path in it: `/media`, or empty.
nlohmann::ordered_json public_json(const file_record& record, std::string_view base_path = {});

} // namespace mediad
