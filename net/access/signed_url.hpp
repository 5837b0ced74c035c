#pragma once

#include "base/error.hpp"
#include "base/record.hpp"
#include "net/access/caller.hpp"
#include "net/access/signing_keys.hpp"
#include "net/fields/request.hpp"
#include "storage/view.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Addresses of bytes that carry the right to them: what GET and HEAD ask for there is shown to
/// whoever has the address, until a time that it names. Its signature is over the method class, the
/// file, what of it, the SHA-256 of these bytes, every parameter of the query, and the id of the
/// key.
namespace mediad::net {

/// The parameter that has the signature; a request with it is judged by it alone.
inline constexpr std::string_view signature_parameter = "signature";

/// Some bytes of a file.
struct file_part {
  std::string file; ///< Id.
  std::string of;   ///< `content`, `preview`, `archive` or `renditions/<name>`.
};

/// What the path asks for; nothing if that is no part of a file.
/// @param segments  of the path, decoded.
std::optional<file_part> part_of_path(const std::vector<std::string>& segments);

/// The SHA-256 of such bytes in hex; empty if the file does not have them, or not yet.
std::string digest_of(const file_record& file, std::string_view of);

/// The path and query of an address that shows the bytes.
/// @param maker  may read the file.
/// @param until  seconds count; no later than longest_signature from now.
/// @pre digest_of() is not empty.
std::string sign_url(const signing_keys& keys, const file_record& file, std::string_view of,
                     const caller& maker, unix_ms until);

/// The maker of the address, with the right to read alone.
/// @returns errc::unauthenticated if the address is no longer what was signed, has expired, or its
///          maker, the token by which it was made, or the bytes are gone; the errors of the view.
result<caller> caller_of_url(const storage::view& stored, const signing_keys& keys,
                             const fields::target& to);

} // namespace mediad::net
