#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/http/problems.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a client that missed the answer
/// sends its request again, and gets the first one's answer. How a door does it: read the key, look
/// for an earlier request, begin the upload with the key, and when beginning it or handing it over
/// fails with errc::conflict, look again: another request was quicker.
namespace mediad::net::uploads {

inline constexpr problem idempotency_key_reused{
  422, "idempotency_key_reused", "This Idempotency-Key was used for another request."};
/// Keys are their user's: for another's files they would tell what that one has sent.
inline constexpr problem no_key_for_another{
  400, "bad_request", "`Idempotency-Key` is not taken for the folder of another user."};
inline constexpr problem ticket_used{403, "ticket_used",
                                     "This upload ticket was used for another file."};
inline constexpr problem idempotency_key_in_use{
  409, "idempotency_key_in_use", "The first request with this Idempotency-Key still runs.", 2};

/// Reads the field: a string of RFC 9651, or the bare key. What is sent by a ticket has the
/// ticket's key instead: the ticket is for one upload.
/// @param identity  what makes two requests the same one: the door, the name, the length …; the
///                  folder that exchange::goes_to() counts, too.
/// @returns an empty key if there is no field; errc::bad_request, with a detail fit for the client,
///          for one that is malformed, empty or longer than 255 bytes.
result<storage::request_key> read_request_key(const exchange& x,
                                              std::initializer_list<std::string_view> identity);
/// A key for a request that has none, made of what it asks for: two that ask for the same are one
/// request and its repetition. No client can send such a key.
/// @param identity  as of read_request_key().
storage::request_key derive_request_key(std::initializer_list<std::string_view> identity);

/// The text that read_request_key() wants for a length, which may be unknown.
std::string length_text(std::optional<std::uint64_t> length);

/// Refuses what a key was used for before, if that is another request.
const problem& problem_of_reuse(const exchange& x);

/// What came of an earlier request with the same key.
struct earlier_request {
  /// Current records, in the order of the request. At least one if `same`, and none that the caller
  /// may not see.
  std::vector<file_record> files;
  /// Both requests ask for the same, and are of one caller; if not: problem_of_reuse().
  bool same = false;

  /// What to answer instead of its files, if not they: while any of them still arrives, too. A
  /// resumable upload can be gone on with while it arrives: its door need only look at `same`.
  std::optional<problem> refusal(const exchange& x) const;
};

/// @returns nothing if @p key is empty or new, or if it was derived and the file that came of it is
///          none that the caller may see.
result<std::optional<earlier_request>> find_earlier(const exchange& x,
                                                    const storage::request_key& key);

} // namespace mediad::net::uploads
