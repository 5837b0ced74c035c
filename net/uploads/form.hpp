#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/http/body_reader.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"

#include <string>
#include <vector>

namespace mediad::net::uploads {

/// Files of one request that have come, and wait to be handed over together.
struct taken_files {
  std::vector<incoming_file> files;
  std::vector<received_body> bodies; ///< What finish() returned for each file, in the same order.
};

/// Reads a body of `multipart/form-data` (RFC 7578) to its end and takes its files, of which there
/// must be at least one. A part's own Content-Digest and Repr-Digest are checked.
/// @param key  the request's, for each of the files.
/// @returns the errors of body_reader::read() and of incoming_file; bad_request for a malformed
///          form, digest_mismatch.
asio::awaitable<result<>> take_form(exchange& x, body_reader& reader, std::string boundary,
                                    const storage::request_key& key, taken_files& out);

} // namespace mediad::net::uploads
