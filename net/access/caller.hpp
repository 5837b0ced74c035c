#pragma once

#include "base/folder_right.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace mediad::net {

/// What a caller may be allowed to do. Each route names the rights that it needs.
enum class right : std::uint8_t {
  upload, ///< Send files, and follow the own uploads until they are done.
  read,   ///< See files, their bytes and their events.
  write,  ///< Change what is known of a file, and have it processed again.
  remove, ///< Delete files. Clients call this right `delete`.
  share,  ///< Let other people see files.
  admin,  ///< See and change what concerns the whole server.
};

inline constexpr std::array each_right{right::upload, right::read,  right::write,
                                       right::remove, right::share, right::admin};

/// The word for it, as clients read it.
std::string_view to_string(right r);

/// A set of rights.
class rights {
public:
  constexpr rights() = default;
  constexpr rights(std::initializer_list<right> some) {
    for (const auto r : some)
      add(r);
  }
  static constexpr rights all() {
    rights some;
    for (const auto r : each_right)
      some.add(r);
    return some;
  }

  constexpr void add(right r) {
    bits_ |= bit(r);
  }
  constexpr bool empty() const {
    return bits_ == 0;
  }
  constexpr bool has(right r) const {
    return (bits_ & bit(r)) != 0;
  }
  /// True if both sets have a right in common.
  constexpr bool has_any_of(rights others) const {
    return (bits_ & others.bits_) != 0;
  }
  /// The rights of @p others alone that are in this set, too.
  constexpr rights and_of(rights others) const {
    return from_bits(bits_ & others.bits_);
  }
  constexpr rights with(right r) const {
    return from_bits(bits_ | bit(r));
  }
  constexpr rights without(right r) const {
    return from_bits(bits_ & ~bit(r));
  }
  /// As a number that can be kept; the inverse passes over bits that stand for no right.
  constexpr unsigned to_bits() const {
    return bits_;
  }
  static constexpr rights from_bits(std::uint64_t bits) {
    rights some;
    some.bits_ = static_cast<unsigned>(bits & all().bits_);
    return some;
  }
  bool operator==(const rights&) const = default;

private:
  static constexpr unsigned bit(right r) {
    return 1U << static_cast<unsigned>(r);
  }
  unsigned bits_ = 0;
};

/// The words of all rights in the set, with commas: `upload, read`.
std::string to_string(rights some);

/// What must be allowed in the folder of the files that are asked for where one of these rights is
/// needed.
folder_right folder_right_of(rights needs);

/// The right of that word; nothing for any other word.
std::optional<right> parse_right(std::string_view word);

/// By what a caller is known.
enum class known_by : std::uint8_t {
  nothing,   ///< By nothing: while no user has a password, every caller is the one user.
  session,   ///< By the cookie of a browser.
  token,     ///< By the token of a program.
  ticket,    ///< By an upload ticket: for one upload.
  signature, ///< By the signature of the address that is asked for.
  share,     ///< By the link of a share: a guest of the user's.
  proxy,     ///< By the name under which a proxy has signed them in.
};

/// What a file may be that comes by an upload ticket, or from a guest.
struct upload_limits {
  static constexpr auto any_size = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t max_bytes = any_size; ///< Beside what the server takes of anybody.
  unsigned profiles = 0;              ///< As is_among() reads them. A share's the storage knows.
};

/// The user that sent a request, and what that user may do.
struct caller {
  std::string user; ///< Id. Empty: the caller is unknown, and no file is theirs.
  rights may;
  known_by by = known_by::nothing;
  std::string credential{}; ///< Id of the session, token, ticket or share.
  /// When the credential ends, in ms since 1970, as far as was known when the request came; 0:
  /// never.
  std::int64_t expires_at = 0;
  /// It asks by the right to upload alone, and so sees what it has sent, and nothing else.
  bool sees_own_uploads_only = false;
  /// Id of the token that made the ticket or signed the address; empty: a person did.
  std::string maker{};
  upload_limits limits{};
  /// Id of the folder of the user's that the credential is for: to its holder that is the root
  /// folder. Empty: all of the user's folders.
  std::string folder{};
  /// What the request wants to do with files, and in folders.
  folder_right wants = folder_right::own;
};

} // namespace mediad::net
