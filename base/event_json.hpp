#pragma once

#include "base/event.hpp"

#include <string>
#include <string_view>

namespace mediad {

/// The JSON frame of a stored event, as clients of this API get it (docs/asyncapi.json). Takes some
/// 20 µs: make it once for all sessions.
/// @param base_path  put before each path in it: `/media`, or empty.
std::string frame_of(const event& e, std::string_view base_path = {});

} // namespace mediad
