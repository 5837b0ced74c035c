#pragma once

#include "net/http/exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Parameters of the query.
namespace mediad::net {

/// Decimal digits; what is greater than @p max is @p max.
/// @returns nothing for any other text.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max);

/// `limit`: 50 if it is absent.
/// @returns nothing unless it is a number from 1 to 500.
std::optional<std::size_t> read_limit(const exchange& x);

/// A parameter that is not what it should be, and the rule that it breaks; both are public.
struct wrong_parameter {
  std::string_view name;
  std::string_view rule;
};
inline constexpr wrong_parameter wrong_limit{"limit", "a number from 1 to 500"};
inline constexpr wrong_parameter wrong_cursor{"cursor", "one that this server gave"};

/// Answers with 400 and a sentence: the parameter must be what the rule says.
asio::awaitable<void> refuse_parameter(exchange& x, wrong_parameter wrong);

} // namespace mediad::net
