#pragma once

#include "base/share.hpp"

#include <nlohmann/json.hpp>

namespace mediad {

/// What the sharer is told of a share, as far as its row says it.
nlohmann::ordered_json public_json(const share_row& share);

/// The words of the profiles that guests may send; null: all.
nlohmann::ordered_json profiles_of(const share_row& share);

} // namespace mediad
