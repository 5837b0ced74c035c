#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace mediad {

/// The length of an upload whose client has not said it yet.
inline constexpr std::uint64_t unknown_length = std::numeric_limits<std::uint64_t>::max();

/// What a resumable upload is beside its file_record, under the same id: all it takes to go on
/// with it, in this process or in the next. Kept until the record is removed, so that a client that
/// missed the last answer can still ask.
struct upload_state {
  std::string id;
  std::string user;                      ///< Id of its owner.
  std::uint64_t length = unknown_length; ///< Bytes of the whole body.
  std::uint64_t offset = 0; ///< Bytes that have come and are durable: never more than staging has.
  std::string hash;         ///< sha256::save() of those bytes.
  bool complete = false;    ///< Nothing more may come: it is registered, or a whole part.
  std::string metadata;     ///< tus `Upload-Metadata`, byte for byte; empty: none was sent.
  std::string concat;       ///< tus `Upload-Concat`, byte for byte; empty: none was sent.
  std::vector<std::string> parts; ///< Ids of what it is put together from, in order.
  std::string wanted_sha256;      ///< What the client says the whole is; empty: it does not.
  unix_ms expires_at = 0;         ///< When it may be swept away; 0: never.
  std::string unknown;            ///< The same as file_record::unknown.

  bool has_length() const {
    return length != unknown_length;
  }
  /// One of the parts of another upload: it never becomes a file itself.
  bool is_partial() const {
    return !concat.empty() && parts.empty();
  }
  /// Put together from parts.
  bool is_final() const {
    return !parts.empty();
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, upload_state& x) {
    return f(x.id, x.user, x.length, x.offset, x.hash, x.complete, x.metadata, x.concat, x.parts,
             x.wanted_sha256, x.expires_at, x.unknown);
  }
};

} // namespace mediad
