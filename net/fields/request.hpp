#pragma once

#include "base/error.hpp"

#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::net {

namespace http = boost::beast::http;

} // namespace mediad::net

namespace mediad::net::fields {

/// Where a request goes, taken apart and percent-decoded.
struct target {
  std::string path;                  ///< Path as sent, encoded, without the query: `/v1/files`.
  std::vector<std::string> segments; ///< Decoded; a decoded segment may hold any byte but NUL.
  std::vector<std::pair<std::string, std::string>> query;
  bool lacks_slash = false; ///< The path was the base path alone, without a slash behind it.

  /// The first parameter of this name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Accepts the origin form, the absolute form (RFC 9112 section 3.2.2: the path counts), and `*`.
/// @returns errc::bad_request for anything else, and for broken percent-encoding.
result<target> parse_target(std::string_view text);

/// Takes away what a proxy has before every path, unless the proxy has done so already.
/// @param base_path  `/media`, or empty.
void leave_base_path(target& to, std::string_view base_path);

/// How the body's end is found.
struct framing {
  bool chunked = false;
  std::uint64_t length = 0; ///< Bytes of the body unless chunked; 0: no body.

  bool has_body() const {
    return chunked || length > 0;
  }
};

/// Applies the rules that keep two parsers from disagreeing about where a request ends, or for
/// whom it is (RFC 9112 sections 3.2, 6.1, 6.3, 11.2): one valid Host, a Transfer-Encoding that is
/// `chunked` and nothing else, not in HTTP/1.0, and never beside a Content-Length, of which there
/// is at most one. Beast 1.81 leaves these to us.
/// @returns errc::bad_request; the connection must then be closed.
result<framing> check_framing(const http::request_header<>& head);

/// Makes the version in a request line 1.1 if it is a later 1.x, which is processed like it (RFC
/// 9110 section 2.5): Beast knows 1.0 and 1.1 alone.
/// @param head  begins with the request line; changed only if that is whole.
void lower_version(std::span<char> head);

/// A header field of which there may be several lines, as one line (RFC 9110 section 5.3).
std::optional<std::string> joined_field(const http::fields& fields, std::string_view name);

} // namespace mediad::net::fields
