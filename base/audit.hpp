#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What people did that an admin may want to know later.
namespace mediad {

/// Kinds of acts. Their words are stored, so that a release shows those of a newer one, too.
enum class audit_act : std::uint8_t {
  signed_in,
  signed_out,
  sign_in_failed, ///< Many in one row: audit_row::count.
  password_changed,
  session_ended,
  token_made,
  token_ended,
  user_added,
  user_changed,
  user_removed,
  file_deleted,
  notice_sent,
  share_made,
  share_changed,
  share_ended,
  link_made,
  signed_in_by_link,
  second_factor_on,
  second_factor_off,
  recovery_code_used,
  reloaded,      ///< Certificate and key were read again.
  share_refused, ///< A wrong password for a share; many in one row, too.
};

/// The word for it, as admins read it: `token.made`.
std::string_view to_string(audit_act a);

struct audit_row {
  std::string id; ///< A ULID, the key; not in the value.
  unix_ms at = 0;
  std::string act;          ///< The word of an audit_act.
  std::string user{};       ///< Id of the user who did it; empty: nobody who is known.
  std::string name{};       ///< Name of that user at the time.
  std::string credential{}; ///< Id of the session or token by which it was done.
  std::string address{};    ///< Address of the client; empty: on the machine itself.
  std::string about{};      ///< What it was done to: an id, or a name.
  std::uint64_t count = 1;  ///< How often, up to `at`.
  std::string unknown{};
};

} // namespace mediad
