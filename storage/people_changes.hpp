#pragma once

#include "base/account.hpp"
#include "base/audit.hpp"
#include "base/folder_right.hpp"
#include "base/share.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Those of the changes that are about users, what they show to be who they are, what they share,
/// and their folders.
namespace mediad::storage {

/// Credentials of one user.
inline constexpr std::size_t max_credentials = 1'000;

/// Users who have been granted something in one folder.
inline constexpr std::size_t max_grants = 100;

/// Shares of one user.
inline constexpr std::size_t max_shares = 1'000;
/// Files in one share.
inline constexpr std::size_t max_shared_files = 500;

/// Makes a user, or finds the one of that name. No event. Errors: bad_request for a name that
/// is_user_name() refuses; of an account conflict, too, if the name is taken, or if it is the first
/// and no admin's.
struct new_user {
  std::string name;
  bool is_account = false; ///< The user may sign in: then the members below count.
  /// The user who owned all files while no account had a password: the first account is that user
  /// under another name, with all files, links, events and unfinished uploads.
  std::string takes_over{};
  std::string display_name{};
  user_role role = user_role::member;
  std::uint64_t quota = 0;
  std::string password{}; ///< As hash_password() makes it.
};

/// Changes what is known of a user; a member without a value leaves things as they are. Another
/// role or password, and disabling, end all of the user's sessions, and a link that signs in. No
/// event. Errors: not_found; conflict if no user who may sign in would be an admin any more, or
/// yet.
struct user_change {
  std::string id;
  std::optional<std::string> display_name{};
  std::optional<user_role> role{};
  std::optional<std::uint64_t> quota{};
  std::optional<bool> disabled{};
  std::optional<std::string> password{};
  std::string keeps{}; ///< Id of the session that goes on.
};

/// Lets a user sign in once by a link, and by none that was made before. No event. Errors:
/// not_found; conflict if the user is disabled, or if nobody signs in here yet.
struct new_sign_in_link {
  std::string user;
  std::string digest; ///< SHA-256 of its secret.
  unix_ms expires_at = 0;
};

/// A user signs in by the link, which counts no more then. No event. Errors: not_found if it is
/// not the user's, was used, has expired, or if the user is disabled.
struct sign_in_link_use {
  std::string user;
  std::string digest;
};

/// Has a user show a code beside the password, or not any more. No event. Errors: not_found;
/// conflict if the user does so already.
struct second_factor_change {
  std::string user;
  std::string secret{};                ///< Of the codes; empty: the password is enough from now on.
  std::uint64_t step = 0;              ///< Of the code by which it begins.
  std::vector<std::string> recovery{}; ///< Digests of the recovery codes.
};

/// A user has shown a code, which counts no more then. No event. Errors: not_found; conflict if it
/// was used before.
struct second_factor_use {
  std::string user;
  std::uint64_t step = 0; ///< Of a code; 0: it is a recovery code.
  std::string recovery{}; ///< Digest of a recovery code.
};

/// Removes a user, with all sessions and tokens. Without an heir the user is gone for everybody at
/// once, and the files go little by little, by user_clearance. With one, this change is all:
/// files, folders and unfinished uploads are the heir's, in a folder that has the name of the user
/// who leaves (`mia`, `mia (2)`), and count for the heir, beyond the quota if need be. Event
/// `notice` to the heir; of those of the user the numbers alone are left. Errors: not_found, of the
/// heir, too; conflict if nobody signs in here, if the user is the only admin who can sign in, the
/// heir, or if folders would be too deep.
struct user_removal {
  std::string id;
  std::string heir; ///< Id; empty: the files are deleted.
};

/// Goes on with the removal of a user whose files are deleted: takes some of the files, and if
/// there are none left, all the rest of the user. Removes nothing once nobody is leaving
/// (applied::removed is 0 then). No event.
struct user_clearance {
  static constexpr bool can_wait = true;

  std::size_t at_most = 64; ///< Files in one go.
};

/// A user has signed in, or made a token. Beyond max_credentials a session takes the place of the
/// one that rested longest. No event. Errors: not_found, of the user; too_many tokens.
struct new_credential {
  credential_row row;
};

/// Ends a session or a token. No event. Errors: not_found if the user has no such credential.
struct credential_removal {
  std::string user;
  std::string id;
};

/// A credential was used, or its holder gave the password again. No event, and nothing if it is
/// gone.
struct credential_use {
  static constexpr bool can_wait = true;

  std::string id;
  unix_ms used_at = 0;
  unix_ms proved_at = 0;  ///< 0: leave it.
  unix_ms expires_at = 0; ///< 0: leave it.
};

/// Removes credentials that have expired. No event.
struct credential_sweep {
  static constexpr bool can_wait = true;
};

/// Things to be remembered of what people did; old ones go (settings::keep_audit). No event.
struct audited {
  static constexpr bool can_wait = true;

  std::vector<audit_row> rows; ///< Their ids are made by the change.
};

/// A user shares files or a folder, or lets guests send some. Event `share.created`. Errors:
/// not_found, of the user, of the folder or of one of the files; bad_request for files beyond
/// max_shared_files, or for none, if guests are to see some; too_many beyond max_shares.
struct new_share {
  share_row row;
};

/// Changes what is known of a share; a member without a value leaves things as they are. Event
/// `share.updated`. Errors: not_found if the user has no such share; conflict if it would show
/// files that it does not have.
struct share_change {
  std::string user;
  std::string id;
  std::optional<share_allow> allow{}; ///< `upload` stays what it is, and nothing becomes it.
  std::optional<std::string> name{};
  std::optional<unix_ms> expires_at{};
  std::optional<std::string> password{}; ///< Empty: none is asked for any more.
  std::optional<bool> originals{};
  std::optional<std::uint64_t> max_files{};
  std::optional<std::uint64_t> max_bytes{};
  std::optional<std::uint64_t> profiles{};
};

/// Takes a share back. Event `share.removed`. Errors: not_found if the user has no such share.
struct share_removal {
  std::string user;
  std::string id;
};

/// Guests have opened a share. No event, and nothing if it is gone.
struct share_use {
  static constexpr bool can_wait = true;

  std::string id;
  std::uint64_t times = 1;
};

/// Gives a user another name; the user's folder follows. No event. Errors: not_found; bad_request
/// as of new_user; conflict if the name, or the folder's place, is taken.
struct user_rename {
  std::string id;
  std::string name;
};

/// Makes a folder in one of a user's. Event `folder.created`. Errors, with a detail that clients
/// may read: bad_request for a name that cannot be a folder's; conflict if a file or folder there
/// has that name already, as folded_name() compares them; too_large if it would be too deep. Else:
/// not_found if there is no such user or parent; storage_full.
struct new_folder {
  std::string user;
  std::string parent; ///< Id; empty: the user's root folder.
  std::string name;   ///< The client's name, which becomes NFC.
  /// A name that is no folder's is cleaned, as clean_name() does it, and one that is taken gets a
  /// number.
  bool may_differ = false;
};

/// Gives a folder another name, another place, or both; what is in it follows, on disk, too. Event
/// `folder.updated`, unless nothing changes. Errors: as of new_folder; conflict, too, for a move
/// into the folder itself or below it.
struct folder_move {
  std::string id;
  std::string parent; ///< Id; empty: the user's root folder.
  std::string name;
};

/// Says who else may see a folder and what is below it: this takes the place of what was granted
/// there before. Grants end with the folder, and with either user. Event `folder.updated`, which
/// those hear, too, who may see it now. Errors: not_found, of the folder or of a user; bad_request
/// for a grant to the owner, or of what only owners may; too_many beyond max_grants.
struct folder_grants {
  struct grant {
    std::string user; ///< Id.
    folder_right right = folder_right::view;
  };
  std::string folder; ///< Id.
  std::vector<grant> grants;
};

/// Removes an empty folder. An upload into it that has not arrived yet cannot arrive any more.
/// Event `folder.removed`. Errors: not_found; conflict if there is a file or a folder in it.
struct folder_removal {
  std::string id;
};

} // namespace mediad::storage
