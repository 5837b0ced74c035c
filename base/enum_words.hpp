#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// Enums whose values have words, in tables in the order of the enum, which counts from 1.
namespace mediad {

/// The word of @p value, which must have one.
template <class Enum, std::size_t N>
std::string_view word_of(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value) - 1);
}

/// The value of @p word; nothing if the table does not have it.
template <class Enum, std::size_t N>
std::optional<Enum> value_of(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (words.at(i) == word)
      return static_cast<Enum>(i + 1);
  return std::nullopt;
}

} // namespace mediad
