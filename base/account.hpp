#pragma once

#include "base/clock.hpp"
#include "base/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// People, and what they or their programs show instead of a password.
namespace mediad {

/// What a user may do beside using the own files. The numbers are stored.
enum class user_role : std::uint8_t {
  member = 1,
  admin, ///< Sees and changes what concerns the whole server.
};

/// The word for it, as clients read it.
std::string_view to_string(user_role r);
/// The inverse; nothing for any other word.
std::optional<user_role> parse_user_role(std::string_view word);

struct user_row {
  std::string id; ///< The key; not in the value.
  std::string name;
  unix_ms created_at = 0;
  std::string display_name{}; ///< Empty: the name.
  user_role role = user_role::member;
  std::uint64_t quota = 0; ///< Bytes of originals; 0: as storage.user_quota says.
  unix_ms disabled_at = 0; ///< 0: the user may sign in.
  std::string password{};  ///< As hash_password() makes it; empty: no password opens the account.
  unix_ms password_at = 0; ///< When it was set; 0: that is not known.
  /// When the removal of the user began, whose files are going since; 0: the user stays.
  unix_ms leaving_since = 0;
  /// SHA-256 of the secret in a link by which the user may sign in once; empty: there is none.
  std::string link_digest{};
  unix_ms link_expires_at = 0;
  /// What the codes of the user's authenticator are made of (base/totp), 20 bytes; empty: the
  /// password is enough.
  std::string totp_secret{};
  unix_ms totp_at = 0;                 ///< When that began.
  std::uint64_t totp_step = 0;         ///< The newest step whose code was used.
  std::vector<std::string> recovery{}; ///< SHA-256 of the recovery codes that are left.
  std::string unknown{};

  bool may_sign_in() const {
    return !password.empty() && disabled_at == 0;
  }
  /// The user shows a code beside the password.
  bool has_second_factor() const {
    return !totp_secret.empty();
  }
};

/// Kinds of credentials. The numbers are stored.
enum class credential_kind : std::uint8_t {
  session = 1, ///< A browser, by its cookie.
  token,       ///< A program.
};

/// What a request shows to be a user's. The secret itself is not kept.
struct credential_row {
  std::string id;   ///< The key; not in the value.
  std::string user; ///< Id of the user whose it is.
  credential_kind kind = credential_kind::session;
  std::string digest;       ///< SHA-256 of the secret, 32 bytes.
  std::string name{};       ///< What its holder calls it.
  std::uint64_t scopes = 0; ///< Bits of net::rights; a session has all that its user has.
  unix_ms created_at = 0;
  unix_ms expires_at = 0; ///< 0: never.
  unix_ms used_at = 0;    ///< Some time within the hour of its last use.
  unix_ms proved_at = 0;  ///< When the password was last given in this session.
  std::string address{};  ///< Address of the client that made it.
  std::string agent{};    ///< `User-Agent` of that client.
  bool by_link = false;   ///< The session began with a link, and no password was given in it.
  std::string folder{};   ///< Id of the folder that a token is for; empty: all of its user's.
  std::string unknown{};
};

} // namespace mediad
