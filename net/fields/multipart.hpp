#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net::fields {

/// The boundary of a `multipart/form-data` Content-Type.
/// @returns nothing for another media type; errc::bad_request, with a detail fit for the client, if
///          the boundary is missing or is not 1 to 70 of RFC 2046's bchars.
result<std::optional<std::string>> multipart_boundary(std::string_view content_type);

/// What a part says about itself.
struct part_head {
  std::string name;                          ///< Name of the form's field.
  std::optional<std::string> file_name;      ///< Absent: a plain field, no file.
  std::optional<std::string> content_digest; ///< The fields of these names, of RFC 9530.
  std::optional<std::string> repr_digest;
  /// Date of the file: `Last-Modified` of the part, or `modification-date` (RFC 2183).
  std::optional<std::string> modified;
};

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) piece by piece, wherever the pieces
/// are cut, in a buffer that never grows. Bytes go in through room() and commit(); what they mean
/// comes out of next().
class multipart_parser {
public:
  enum class token {
    need_more, ///< commit() more bytes, or end().
    part,      ///< A part begins: head().
    bytes,     ///< Some of its bytes: bytes(), valid until the next call of room() or next().
    part_end,
    done, ///< The closing boundary. What follows means nothing and need not be handed in.
  };

  static constexpr std::size_t buffer_bytes = std::size_t{64} << 10U;
  static constexpr std::size_t max_head_bytes = std::size_t{8}
                                                << 10U; ///< Limit for the head of one part.

  /// @param boundary   as multipart_boundary() gives it.
  /// @param max_parts  more are errc::too_large.
  multipart_parser(const std::string& boundary, std::size_t max_parts);

  /// Where the next bytes of the body may be put; never empty after need_more.
  std::span<char> room();
  /// @param n  bytes of room() that were filled.
  void commit(std::size_t n);
  /// No more bytes will come.
  void end();

  /// @returns errc::bad_request for a body that is malformed or was cut, errc::too_large for too
  ///          many parts; the parser is of no more use then.
  result<token> next();

  const part_head& head() const {
    return head_;
  }
  std::string_view bytes() const {
    return bytes_;
  }

private:
  enum class state { preamble, delimiter, head, body_start, body, done };

  result<token> want_more() const;
  result<token> on_preamble();
  result<token> on_delimiter();
  result<token> on_head();
  result<token> on_body_start();
  result<token> on_body();
  result<> read_head(std::string_view lines);

  std::string_view rest() const {
    return {buffer_.data() + begin_, end_ - begin_};
  }
  void consume(std::size_t n) {
    begin_ += n;
  }

  std::string delimiter_; ///< CRLF, two hyphens, the boundary.
  std::size_t parts_left_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0; ///< Begin of the bytes that were not taken yet …
  std::size_t end_ = 0;   ///< … and their end.
  bool ended_ = false;
  state state_ = state::preamble;
  part_head head_;
  std::string_view bytes_;
};

} // namespace mediad::net::fields
