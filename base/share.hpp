#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Links by which people without an account see files of a user's, or send some.
namespace mediad {

/// What the guests of a share may do. The numbers are stored.
enum class share_allow : std::uint8_t {
  view = 1, ///< See previews and renditions.
  download, ///< Take the files, too.
  upload,   ///< Send files to the sharer, and see none.
};

/// The word for it, as clients read it.
std::string_view to_string(share_allow a);
/// The inverse; nothing for any other word.
std::optional<share_allow> parse_share_allow(std::string_view word);

/// A share. The secret in its link is not kept.
struct share_row {
  std::string id;     ///< The key; not in the value.
  std::string user;   ///< Id of the sharer.
  std::string digest; ///< SHA-256 of the secret, 32 bytes.
  share_allow allow = share_allow::view;
  std::vector<std::string> files{}; ///< Ids; none if guests upload, or if a folder is shared.
  std::string folder{};             ///< Id of the folder that is shared, with those below it, or
                                    ///< into which guests send; empty: none.
  std::string name{};               ///< What the sharer calls it; guests see it.
  unix_ms created_at = 0;
  unix_ms expires_at = 0;       ///< 0: never.
  std::string password{};       ///< As hash_password() makes it; empty: none is asked for.
  std::string credential{};     ///< Id of the token that made it; empty: a person did.
  bool originals = false;       ///< Guests get the bytes as they came, with place and camera.
  std::uint64_t max_files = 0;  ///< Files that guests may send; 0: any number.
  std::uint64_t max_bytes = 0;  ///< Bytes of all that guests may send; 0: any number.
  std::uint64_t profiles = 0;   ///< Those of which files may be sent, as is_among() reads them.
  std::uint64_t sent_files = 0; ///< Files that guests have sent.
  std::uint64_t sent_bytes = 0; ///< Bytes of these.
  std::uint64_t uses = 0;       ///< How often guests have opened it.
  unix_ms used_at = 0;          ///< When one did last; 0: never.
  std::string unknown{};

  bool has_expired(unix_ms now) const {
    return expires_at != 0 && expires_at <= now;
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, share_row& x) {
    return f(x.id, x.user, x.digest, x.allow, x.files, x.name, x.created_at, x.expires_at,
             x.password, x.credential, x.originals, x.max_files, x.max_bytes, x.profiles,
             x.sent_files, x.sent_bytes, x.uses, x.used_at, x.unknown);
  }
};

/// What may be told and kept of a share elsewhere: without the digest, and with `*` for a password.
share_row without_secrets(share_row share);

} // namespace mediad
