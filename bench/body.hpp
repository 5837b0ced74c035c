#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::bench {

/// Contents of which no two are alike, and no 4 KiB block of them either: random bytes that do not
/// compress, with a stamp in each block. Making one costs a few stores, not a generator's run.
class body_source {
public:
  /// @param total_bytes  of one body.
  /// @param salt         tells the runs of the program apart.
  body_source(std::uint64_t total_bytes, std::uint64_t salt);

  std::uint64_t total_bytes() const {
    return total_bytes_;
  }
  /// The bytes of the body of that number from @p offset on: at most 256 KiB, valid until the next
  /// call. Empty at its end.
  std::string_view piece(std::uint64_t number, std::uint64_t offset);

private:
  std::uint64_t total_bytes_;
  std::uint64_t salt_;
  std::string bytes_;
};

} // namespace mediad::bench
