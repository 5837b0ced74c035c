#pragma once

#include "base/account.hpp"
#include "net/access/caller.hpp"
#include "net/fields/request.hpp"
#include "storage/view.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What a request shows to be a user's, as text, and what it is worth.
namespace mediad::net {

inline constexpr std::chrono::hours session_idle{24 * 30}; ///< A session that rests ends then.
inline constexpr std::size_t max_token_name = 100; ///< Bytes of what a token is called; at least 1.
inline constexpr std::chrono::hours session_longest{24 * 90}; ///< Every session ends then.

/// An id, and the secret that proves it: `01J…` and 43 characters.
struct credential_text {
  std::string id;
  std::string secret;
  credential_kind kind = credential_kind::session;
};

/// A credential that is about to be made: what is stored of it, and what its holder alone gets.
struct fresh_credential {
  credential_row row;
  credential_text text;
};

/// Makes the id and the secret. The row has no name, no scopes and no end yet.
fresh_credential make_credential(std::string user, credential_kind kind);

/// `mediad_<id>_<secret>` of a token; `<id>.<secret>` in the cookie of a session.
std::string to_string(const credential_text& t);

/// @param base_path  of this server; empty: it has its host to itself.
/// @returns nothing if the request shows nothing that could be a credential. A token counts before
///          a cookie, for a page cannot send one by accident. An `Authorization` that cannot be a
///          token, such as a proxy's own password, does not hide the cookie.
std::optional<credential_text> read_credential(const http::request_header<>& head,
                                               std::string_view base_path);

/// Takes the cookie that browsers do not hold to this host out of a request that came in TLS: a
/// sibling of this host, or anybody on the way to it in the clear, could have set it.
void drop_insecure_cookie(http::fields& head);

/// The value of the first cookie of that name (RFC 6265 section 4.2.1).
/// @param field  all of `Cookie`; the value is a part of it.
std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name);

/// Where a browser sends the cookie.
struct cookie_place {
  bool is_secure = false;       ///< By TLS alone.
  std::string_view base_path{}; ///< Below this path; empty: everywhere on the host.
};

/// `mediad`, or under TLS a name that browsers hold to it: `__Host-mediad`, which is for a whole
/// host, or below a base path `__Secure-mediad` (RFC 6265bis section 4.1.3).
std::string_view cookie_name(const cookie_place& place);
/// A `Set-Cookie` for the credential; without one, a line that makes the browser forget it.
std::string cookie_line(const std::optional<credential_text>& t, const cookie_place& place);

/// The caller behind a credential, if it still counts: it has not expired, its user may sign in,
/// and the folder that it is for is there.
/// @returns errc::unauthenticated if it does not; the errors of the view.
result<caller> caller_of(const storage::view& stored, const credential_row& known);

/// The caller of that name, whom a proxy has signed in: never with the right `admin`, for which a
/// name in a field is too little.
/// @returns errc::unauthenticated if there is no such user, or one who is disabled; the errors of
///          the view.
result<caller> caller_of_name(const storage::view& stored, const std::string& name);

/// Whether the user behind a signed address or a ticket may sign in, and the token by which it was
/// made, if it was made by one, still counts.
/// @returns errc::unauthenticated if not; the errors of the view.
result<> check_maker(const storage::view& stored, const caller& who);

/// Whether what a caller has shown still counts.
bool still_counts(const storage::view& stored, const caller& who);

} // namespace mediad::net
