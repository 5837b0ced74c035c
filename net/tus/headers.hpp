#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/tus/checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The fields of tus 1.0 (https://tus.io/protocols/resumable-upload), read strictly. What is wrong
/// is errc::bad_request; its detail is a sentence fit for the client.
namespace mediad::net::tus {

inline constexpr std::string_view version = "1.0.0";

/// `Upload-Length`, `Upload-Offset`: decimal digits and nothing else, less than 2^63.
result<std::uint64_t> parse_number(std::string_view name, std::string_view text);

/// What an `Upload-Metadata` says that means something here; its other keys are the client's own.
struct upload_metadata {
  std::string name;        ///< The value of `filename`, else of `name`; empty without either.
  unix_ms modified_at = 0; ///< The date in `lastModified`, else in `mtime`; 0: neither has one.
  std::string folder;      ///< The value of `folder`: where the file is sent.
};

/// Checks an `Upload-Metadata`: `key base64,key2 base64,key3`, every key once.
result<upload_metadata> parse_metadata(std::string_view text);

struct announced_checksum {
  checksum_algorithm how = checksum_algorithm::sha1;
  std::string digest; ///< Raw bytes, as many as the algorithm gives.
};

/// An `Upload-Checksum`: `sha1 base64`.
result<announced_checksum> parse_checksum(std::string_view text);

struct concatenation_request {
  bool is_partial = false;
  /// Ids of a final upload's parts, in order, at least one; the same part may come several times.
  std::vector<std::string> parts;
};

/// An `Upload-Concat`: `partial`, or `final;` and the URLs of the parts.
/// @param max_parts  more of them are errc::bad_request.
result<concatenation_request> parse_concat(std::string_view text, std::size_t max_parts);

} // namespace mediad::net::tus
