#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad {

/// A new ULID: 26 characters of Crockford base 32, 48 bits of time then 80 random bits
/// (https://github.com/ulid/spec). Strictly increasing within the process, also within one
/// millisecond and when the clock steps back. Thread-safe; random bits come from getrandom(2).
std::string make_ulid(unix_ms now = now_ms());

/// True for 26 upper-case Crockford characters that fit 128 bits. Ids become parts of paths, so
/// every id from outside passes here first.
bool is_ulid(std::string_view text);

} // namespace mediad
