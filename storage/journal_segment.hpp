#pragma once

#include "storage/folders.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mediad::storage {

/// One file of the journal of small bodies: as large as it will ever be, and written from its
/// beginning again and again. Its first block says which time around this is (its generation);
/// each record is a block of its own with a head, then the body up to a whole block.
class journal_segment {
public:
  /// What O_DIRECT wants everything to be a multiple of.
  static constexpr std::uint64_t block_bytes = 4096;
  /// No body is larger.
  static constexpr std::uint64_t max_body_bytes = std::uint64_t{4} << 20U;
  /// Whoever appends must not have more than this unsynced: a power cut may leave a hole of that
  /// size, and what follows a larger one is not looked for.
  static constexpr std::uint64_t max_unsynced_bytes = std::uint64_t{32} << 20U;
  /// Where the first record begins.
  static constexpr std::uint64_t first_record = block_bytes;

  /// What a body of @p length bytes takes.
  static constexpr std::uint64_t record_bytes(std::uint64_t length) {
    return block_bytes + (length + block_bytes - 1) / block_bytes * block_bytes;
  }

  /// A segment that exists. Past the page cache where the file system can do that.
  static result<journal_segment> open(const folders& root, const place& where);

  /// A new one of @p bytes bytes, all of them written once, so that no later write has to make the
  /// file system note anything; under its name only when that is synced.
  static result<journal_segment> create(const folders& root, const place& where,
                                        std::uint64_t bytes);

  std::uint64_t bytes() const {
    return bytes_;
  }

  /// Forgets all records, durably.
  result<> begin_generation();

  /// Writes one record at @p offset, unsynced. From any thread, also several at once.
  /// @param sha256  64 hex digits: those of @p body.
  result<> write(std::uint64_t offset, std::string_view sha256, std::string_view body) const;

  result<> sync() const;

  /// One record of this generation. Its body is whole only if it has the digest.
  struct record {
    std::string_view sha256;
    std::string_view body;
  };
  /// Calls @p visit for every record, in their order; ends early if that fails.
  result<> scan(const std::function<result<>(const record&)>& visit) const;

private:
  journal_segment(unique_fd file, unique_fd reading, std::uint64_t bytes, std::string called)
    : file_{std::move(file)},
      reading_{std::move(reading)},
      bytes_{bytes},
      called_{std::move(called)} {}
  result<std::uint64_t> generation() const;

  unique_fd file_;    ///< O_DIRECT if possible.
  unique_fd reading_; ///< Without it.
  std::uint64_t bytes_;
  std::string called_;
  std::uint64_t generation_ = 0;
};

} // namespace mediad::storage
