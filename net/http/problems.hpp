#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace mediad::net {

/// What a client is told when a request fails (RFC 9457): never a path, an errno or what().
struct problem {
  unsigned status = 500;      ///< HTTP status code.
  std::string_view code;      ///< Stable; errc's own name where there is one.
  std::string_view sentence;  ///< Explains it to a person.
  unsigned retry_after_s = 0; ///< 0: no Retry-After.
};

/// The only status-code policy.
const problem& problem_of(errc code);

// What goes wrong before anything has an errc.
inline constexpr problem forbidden{403, "forbidden", "This is not allowed from there."};
inline constexpr problem missing_right{403, "missing_right",
                                       "You do not have the right to do this."};
inline constexpr problem method_not_allowed{405, "method_not_allowed",
                                            "This address does not know the method."};
inline constexpr problem request_timeout{408, "request_timeout",
                                         "The request did not arrive in time."};
inline constexpr problem unknown_protocol{
  412, "unknown_protocol", "Say by Tus-Resumable or Upload-Complete how the upload goes on."};
inline constexpr problem upload_expired{410, "expired", "The upload was not gone on with in time."};
inline constexpr problem upload_locked{423, "locked", "Another request writes to this upload.", 1};
inline constexpr problem checksum_mismatch{
  460, "checksum_mismatch", "The bytes that arrived have another checksum; none of them is kept."};
inline constexpr problem precondition_failed{412, "precondition_failed",
                                             "The file has changed meanwhile."};
inline constexpr problem range_not_satisfiable{416, "range_not_satisfiable",
                                               "The file has no such range."};
inline constexpr problem upgrade_required{426, "upgrade_required",
                                          "This address speaks WebSocket or server-sent events."};
inline constexpr problem header_too_large{431, "header_too_large",
                                          "The request's headers are too large."};

/// An error's detail, if that is fit for the client, as a sentence.
std::string sentence_of(std::string detail);

/// The phrase behind a status code, also of tus 1.0's own 460.
std::string_view reason_of(unsigned status);

/// The body of an `application/problem+json` answer.
/// @param detail  says more than the sentence; public. Empty: the sentence alone.
std::string problem_json(const problem& p, std::string_view detail = {});

} // namespace mediad::net
