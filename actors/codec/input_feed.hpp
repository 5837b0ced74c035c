#pragma once

#include "base/file.hpp"

#include <cstdint>
#include <mutex>

namespace mediad::actors {

/// Tells a job's process how far its growing input has come. Callable from any thread; no call
/// waits for the process.
class input_feed {
public:
  /// The next job's input: nothing of it is there yet.
  void begin();

  /// There are @p bytes now.
  /// @param is_whole  no more will come.
  /// @returns false if the process has not listened for so long that it cannot be told.
  bool tell(std::uint64_t bytes, bool is_whole);

  /// Tells the process over @p socket from now on, and first of all what there is already.
  void connect(unique_fd socket);
  void disconnect();

private:
  bool send() const;

  std::mutex guard_;
  unique_fd socket_;
  std::uint64_t bytes_ = 0;
  bool is_whole_ = false;
};

} // namespace mediad::actors
