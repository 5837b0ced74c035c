#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net {

/// No signature counts for longer than this after it was made.
inline constexpr std::chrono::hours longest_signature{24 * 7};

/// The secrets that sign addresses and upload tickets. One of them signs; those before it still
/// verify until the last of their signatures has expired. From any thread.
class signing_keys {
public:
  /// One key, which ends with this object.
  signing_keys();
  signing_keys(const signing_keys&) = delete;
  signing_keys& operator=(const signing_keys&) = delete;

  /// Reads the keys from a file, or makes it. Only its owner may read it: a file that others could
  /// read gets that mode.
  /// @returns storage_io, also for a file that holds no keys.
  result<> keep_in(std::filesystem::path file);

  struct signature {
    std::string key;  ///< Id of the key.
    std::string text; ///< In base64url, 43 characters.
  };
  /// @param parts  what is signed, the id of the key not among it: it is signed, too.
  signature sign(std::vector<std::string_view> parts) const;
  /// In a time that does not depend on what @p s has in common with the right one.
  bool verify(const signature& s, std::vector<std::string_view> parts,
              unix_ms now = now_ms()) const;

  /// From now on another key signs. Keys of which no signature can count any more are forgotten.
  /// @param forgets_old  those before it verify no more: all that was signed so far ends.
  /// @returns storage_io; then nothing has changed.
  result<> rotate(bool forgets_old, unix_ms now = now_ms());
  /// How many keys verify now.
  std::size_t count(unix_ms now = now_ms()) const;

private:
  struct key {
    std::string id;
    std::string secret;     ///< 32 bytes.
    unix_ms retired_at = 0; ///< 0: it signs.
  };
  using list = std::vector<key>;

  static key make_key();
  static bool may_verify(const key& k, unix_ms now);
  static result<list> parse(std::string_view text);
  static std::string to_text(const list& all);
  static result<list> read(const std::filesystem::path& file);
  static result<> write(const std::filesystem::path& file, const list& all);

  mutable std::mutex mutex_;
  list keys_;                  ///< The last one signs.
  std::filesystem::path file_; ///< Empty: they are kept nowhere.
};

} // namespace mediad::net
