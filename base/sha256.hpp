#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct SHA256state_st;

namespace mediad {

/// SHA-256 (FIPS 180-4) over bytes that arrive piece by piece, also over the end of the process.
class sha256 {
public:
  sha256();
  void update(std::string_view bytes);
  /// Lower-case hex of everything so far; the object is spent afterwards.
  std::string hex() &&;

  /// Everything that restore() needs to go on from here, as at most 220 printable characters.
  std::string save() const;
  /// @param saved  of save(); empty: from the beginning.
  /// @returns errc::internal for anything else.
  static result<sha256> restore(std::string_view saved);

private:
  struct free_state {
    void operator()(SHA256state_st* state) const noexcept;
  };
  std::unique_ptr<SHA256state_st, free_state> state_;
};

/// Lower-case hex, two digits per byte.
std::string to_hex(std::string_view bytes);
/// The inverse.
/// @returns errc::bad_request for an odd number of digits, or anything that is none.
result<std::string> from_hex(std::string_view digits);

/// Lower-case hex of a whole file, read block by block.
result<std::string> sha256_of_file(const std::filesystem::path& file);
/// Reads from the file's position on; that of a file just opened is its beginning.
result<std::string> sha256_of_file(const opened_file& file);

} // namespace mediad
