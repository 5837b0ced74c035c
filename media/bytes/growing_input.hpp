#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>

namespace mediad::media {

/// A file that is read while its bytes arrive. Reading blocks until they are there; the job's time
/// limit ends a wait that takes too long.
class growing_input {
public:
  /// @param growth  the socket that input_growth comes from; stays the caller's.
  growing_input(opened_file file, int growth) : file_{file}, growth_{growth} {}

  /// The first @p count bytes; fewer only if the file has no more.
  /// @returns errc::cancelled if the rest will never come.
  result<std::string> head(std::size_t count);

  /// The next bytes from the file's first on, as many as are there: one at least.
  /// @returns how many; 0 at the end of the file, or of what came before it was given up; negative
  ///          with errno for an error.
  ::ssize_t read(char* into, std::size_t count);

  /// The bytes from @p offset on, as many as are there. @returns what read() returns.
  ::ssize_t read_at(std::uint64_t offset, char* into, std::size_t count);

  /// Waits until there are bytes beyond @p offset, or until it is known that there never will be.
  /// @returns how many bytes the file has by then.
  std::uint64_t wait_beyond(std::uint64_t offset);

  /// read() begins anew.
  void rewind() {
    position_ = 0;
  }

private:
  opened_file file_;
  int growth_;
  std::uint64_t there_ = 0;
  std::uint64_t position_ = 0; ///< Offset at which the next read() begins.
  bool is_whole_ = false;
  bool is_lost_ = false;
};

} // namespace mediad::media
