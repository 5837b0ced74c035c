#pragma once

#include <string_view>

namespace mediad {

/// The first byte of a request key that can be used once: it stays taken when its files are gone.
/// No client can send such a key.
inline constexpr char one_use_mark = '\x02';

constexpr bool is_one_use(std::string_view request_key) {
  return request_key.starts_with(one_use_mark);
}

} // namespace mediad
