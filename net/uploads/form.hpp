#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/http/body_reader.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net::uploads {

/// Files of one request that have come, and wait to be handed over together.
struct taken_files {
  std::vector<incoming_file> files;
  std::vector<received_body> bodies; ///< What finish() returned for each file, in the same order.
  /// The answer to send if the form names a folder that is none.
  std::optional<answer> misplaced;
};

/// Bytes that a form may have: what surrounds a file of the largest size is little.
std::uint64_t max_form_bytes(const exchange& x);

/// Reads a body of `multipart/form-data` (RFC 7578) to its end and takes its files; a form may have
/// none. A part's own Content-Digest and Repr-Digest are checked.
/// @param key  the request's, for each of the files.
/// @returns the errors of body_reader::read() and of incoming_file; bad_request for a malformed
///          form, digest_mismatch.
asio::awaitable<result<>> take_form(exchange& x, body_reader& reader, std::string boundary,
                                    const storage::request_key& key, taken_files& out);

/// Reads a form and keeps nothing of it: a client repeats one that made files already.
/// @param earlier  those files, in order.
/// @param other    the answer to a form that brings other bytes, or another number of files.
/// @returns the answer to send unless the files are the same; also if the form cannot be read.
asio::awaitable<std::optional<answer>> refuse_other_form(exchange& x, std::string boundary,
                                                         const std::vector<file_record>& earlier,
                                                         answer other);

} // namespace mediad::net::uploads
