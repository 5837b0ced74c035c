#pragma once

#include "net/fields/digests.hpp"
#include "net/ietf/dialect.hpp"
#include "net/uploads/incoming_file.hpp"

#include <optional>

/// Serves a creation or an append, from its first byte to its answer.
namespace mediad::net::ietf {

/// What the header fields say about the body of a request.
struct incoming_body {
  explicit incoming_body(dialect d) : draft{d} {}

  dialect draft;
  bool completes = false;            ///< The client says that nothing more will come.
  bool by_length = false;            ///< The upload is complete, too, once it has its length.
  fields::announced_digests content; ///< Content-Digest, of this request's body.
  bool creates = false;
  bool can_be_resumed = true; ///< The client knows the location.
};

/// Answers the request by itself if the lengths that it names contradict each other or what was
/// known; else the upload knows them.
/// @returns true if it answered.
asio::awaitable<bool> refuse_length(exchange& x, uploads::incoming_file& file,
                                    const incoming_body& how);

/// Takes the body, completes the upload if it is to be, and answers.
asio::awaitable<void> take_bytes(exchange& x, uploads::incoming_file file, incoming_body how);

/// The answer to a request that completed its upload; also the one to its repetition.
answer make_final(const exchange& x, const dialect& draft, const file_record& record);

/// 413, which must name the limit.
answer make_too_large(const exchange& x);

} // namespace mediad::net::ietf
