#pragma once

#include "base/record.hpp"

#include <nlohmann/json_fwd.hpp>

namespace mediad {

/// The record as clients see it; the one place that knows its shape (docs/openapi.json, `File`).
nlohmann::ordered_json public_json(const file_record& record);

} // namespace mediad
