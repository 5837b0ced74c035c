#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mediad::net::uploads {

/// One file made of others, in order. Blocks: for a disk thread. No byte passes through memory that
/// the file system can copy or share by itself, but for the SHA-256 of the second part and later.
class joined_file {
public:
  struct part {
    std::filesystem::path file;
    std::uint64_t bytes = 0;
    std::string hash; ///< sha256::save() of them.
  };

  /// @param into   exists; what it holds is dropped.
  /// @param parts  at least one.
  static result<joined_file> open(const std::filesystem::path& into, std::vector<part> parts);

  bool is_done() const {
    return at_ == parts_.size();
  }
  /// The next few MiB.
  /// @returns errc::not_found if a part, or some of its bytes, are gone.
  result<> copy_some();
  /// Syncs it. @returns its SHA-256 in lower-case hex.
  result<std::string> finish();

private:
  joined_file(unique_fd out, std::vector<part> parts, sha256 hash)
    : out_{std::move(out)}, parts_{std::move(parts)}, hash_{std::move(hash)} {}
  result<std::size_t> copy_slice(std::size_t wanted);
  result<> hash_slice(std::uint64_t from, std::size_t n);

  unique_fd out_;
  unique_fd in_; ///< The current part, once it was begun.
  std::vector<part> parts_;
  sha256 hash_;
  std::size_t at_ = 0;       ///< Index of the current part.
  std::uint64_t copied_ = 0; ///< Bytes of the current part that were copied.
  std::uint64_t end_ = 0;    ///< Length of the file so far.
  bool by_kernel_ = true;    ///< copy_file_range works here.
};

} // namespace mediad::net::uploads
