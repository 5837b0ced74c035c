#pragma once

#include <cstddef>

namespace mediad::tests {

/// Becomes a value of whatever type is asked for.
struct anything {
  template <class T>
  operator T() const; // NOLINT(google-explicit-constructor)
};

/// How many members the aggregate @p T has.
template <class T, class... Members>
constexpr std::size_t members_of() {
  if constexpr (requires { T{Members{}..., anything{}}; })
    return members_of<T, Members..., anything>();
  else
    return sizeof...(Members);
}

} // namespace mediad::tests
