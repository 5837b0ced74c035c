#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What an operator can write for an option, before it is checked against the option.
namespace mediad::options {

/// Something TOML can say and no option wants: a table, a date.
struct unsupported {
  std::string what;
};

using value = std::variant<unsupported, bool, std::int64_t, std::string, std::vector<std::int64_t>,
                           std::vector<std::string>>;

/// `MEDIAD_SECTION__KEY`, the environment variable of an option.
std::string variable_of(std::string_view section, std::string_view key);

/// The value as it is written in TOML.
std::string to_toml(const value& v);

/// Milliseconds of `300ms`, `15s`, `2m`, `1h`: digits, then a unit, nothing else.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// The inverse, in the largest unit that divides @p milliseconds.
std::string format_duration(std::int64_t milliseconds);

/// Bytes of `512B`, `16KiB`, `512MiB`, `64GiB`, `1TiB`: digits, then a unit, nothing else.
std::optional<std::int64_t> parse_size(std::string_view text);

/// The inverse, in the largest unit that divides @p bytes.
std::string format_size(std::int64_t bytes);

/// The whole of @p text as a decimal number.
std::optional<std::int64_t> parse_number(std::string_view text);

/// `a, b,c` as three texts without the spaces around them. A pair of brackets around all of it
/// and of double quotes around each are dropped, so that TOML's own way of writing works too.
std::vector<std::string> split_list(std::string_view text);

} // namespace mediad::options
