#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Structured fields (RFC 9651), as far as any field here uses them. Parameters are checked and
/// passed over: no field that we read defines one.
namespace mediad::net::fields {

struct token {
  std::string value;
};
struct byte_sequence {
  std::string value; ///< Decoded.
};
/// A decimal, a date, a display string or an inner list: well-formed, but used by no field here.
struct other_item {};

using item = std::variant<std::int64_t, bool, std::string, token, byte_sequence, other_item>;
/// Members in the order of their first appearance; of equal keys the last one's value counts.
using dictionary = std::vector<std::pair<std::string, item>>;

/// Padding may be missing, and what it hides need not be zero (RFC 9651 section 4.2.7).
/// @returns nothing if @p text is no base64.
std::optional<std::string> decode_base64(std::string_view text);

/// @returns nothing if @p field is not exactly one well-formed Item.
std::optional<item> parse_item(std::string_view field);
/// @returns nothing if any part of @p field is malformed: then all of it is to be ignored
///          (section 4.2). An empty field is an empty dictionary.
std::optional<dictionary> parse_dictionary(std::string_view field);

/// @returns nothing also if the field is not there, or is an Item of another type.
std::optional<bool> parse_boolean(const std::optional<std::string>& field);
/// @returns nothing then, and for a negative number. At most 15 digits count (section 3.3.1).
std::optional<std::uint64_t> parse_count(const std::optional<std::string>& field);

/// A Byte Sequence: `:` + Base64 + `:`.
std::string to_text(const byte_sequence& bytes);
/// `?1` or `?0`.
std::string_view to_text(bool value);

} // namespace mediad::net::fields
