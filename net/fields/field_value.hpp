#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::net::fields {

/// A field of the form `value; name=word; other="quoted words"`: Content-Type, Content-Disposition.
struct field_value {
  std::string value;                                           ///< Lower case.
  std::vector<std::pair<std::string, std::string>> parameters; ///< Names in lower case.

  /// The first parameter of this name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Reads one such field. Forgiving where real clients are sloppy: words may hold spaces, and a
/// backslash that escapes neither a quote nor itself is a backslash (browsers send paths so).
/// @returns nothing without a value, for a parameter without `=`, or for an open quote.
std::optional<field_value> parse_field_value(std::string_view text);

/// The name in a Content-Disposition: `filename*` (RFC 8187, UTF-8 or ISO-8859-1) before
/// `filename`. It is data: may hold separators and need not be UTF-8.
/// @returns nothing if there is neither.
std::optional<std::string> file_name(const field_value& disposition);

} // namespace mediad::net::fields
