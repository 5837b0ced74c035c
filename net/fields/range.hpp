#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net::fields {

/// A piece of a representation; never empty.
struct byte_range {
  std::uint64_t first = 0; ///< Offset of its first byte.
  std::uint64_t size = 0;

  friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// More ranges than this in one request get the whole representation: an answer of many tiny parts
/// costs more than it carries (RFC 9110 section 17.15).
inline constexpr std::size_t max_ranges = 16;

/// Reads a `Range` field for a representation of @p size bytes (RFC 9110 section 14).
/// @returns nothing if the field must be ignored: malformed, another unit, more than max_ranges, or
///          ranges that overlap. An empty list if no range can be satisfied: answer 416. Otherwise
///          the satisfiable ranges in the order asked for, which need not be ascending.
std::optional<std::vector<byte_range>> parse_range(std::string_view field, std::uint64_t size);

/// `bytes 0-9/100`, the value of `Content-Range`.
std::string content_range(byte_range range, std::uint64_t size);

/// `bytes */100`, the value of `Content-Range` in a 416.
std::string unsatisfied_range(std::uint64_t size);

/// The framing of a `multipart/byteranges` body (RFC 9110 section 14.6) around bytes that are sent
/// from the file. Several ranges are answered this way, not with the whole file, because the
/// readers that ask so (document viewers, download resumers) look for a few kilobytes of something
/// large.
class byteranges {
public:
  /// @param boundary  at most 70 characters of RFC 2046's bchars that occur in no part with
  ///                  overwhelming probability: random.
  byteranges(std::vector<byte_range> ranges, std::uint64_t size, std::string media_type,
             std::string boundary);

  const std::vector<byte_range>& ranges() const {
    return ranges_;
  }
  /// What stands before the bytes of range @p index.
  std::string before(std::size_t index) const;
  /// What stands after the last one.
  std::string after() const;
  /// Length of the whole body.
  std::uint64_t content_length() const;
  /// The answer's `Content-Type`.
  std::string content_type() const;

private:
  std::vector<byte_range> ranges_;
  std::uint64_t size_;
  std::string media_type_;
  std::string boundary_;
};

} // namespace mediad::net::fields
