#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/fields/digests.hpp"
#include "net/http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// What every door asks before it reads a byte of a new upload.
namespace mediad::net::uploads {

/// An upload that the request's caller begins, into the folder that exchange::goes_to(). A caller
/// that may not read can follow it all the same: it is known as that caller's.
storage::new_upload begun_by(const exchange& x, std::string name);

/// The largest file that the caller may send, in bytes.
std::uint64_t max_file_bytes(const exchange& x);

/// The request's Content-Length; nothing if its body is chunked.
std::optional<std::uint64_t> declared_length(const exchange& x);

/// @returns errc::storage_full if @p more bytes would leave too little on the disk.
result<> check_disk(const exchange& x, std::uint64_t more);

/// Everything that can refuse an upload of @p length bytes, as far as it is known (else 0).
/// @returns errc::too_large over @p limit, busy, storage_full.
boost::asio::awaitable<result<>> check_admission(exchange& x, std::uint64_t length,
                                                 std::uint64_t limit);

/// Reads `Content-Digest` or `Repr-Digest`.
/// @returns errc::bad_request with a detail fit for the client, which names the field.
result<fields::announced_digests> read_digests(const exchange& x, const std::string& field);

/// The answer to header fields that cannot be read: the detail of errc::bad_request must be fit for
/// the client.
answer make_refusal(const exchange& x, const error& e);

/// The name that the client gives a body which is the file itself: exchange::goes_to() has it, else
/// Content-Disposition, else `?name=`; may be empty. Data, never a path.
std::string name_of_body(const exchange& x);

/// The date of such a body: `?modified=`, else `Last-Modified`, else `modification-date` in
/// Content-Disposition (RFC 2183); 0 without any.
/// @returns errc::bad_request if it is no date.
result<unix_ms> date_of_body(const exchange& x);

/// The date of a file, as fields::parse_file_date reads it.
/// @param where  names what held it in the sentence for the client.
/// @returns errc::bad_request if it is no date.
result<unix_ms> read_file_date(std::string_view where, std::string_view text);

} // namespace mediad::net::uploads
