#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mediad::actors {

/// How one upload is driven.
struct processing_settings {
  std::uint32_t max_attempts = 3;                    ///< Tries per file, 1..10.
  std::chrono::milliseconds first_retry_delay{500};  ///< Doubles per attempt, 1 ms..1 min.
  std::chrono::milliseconds storage_timeout{30'000}; ///< Per storage request, 100 ms..10 min.
  std::chrono::milliseconds progress_interval{
    250}; ///< Live progress at most this often, 10 ms..1 min.
  /// Unfinished files, 1..100,000. If there are more, users who have their share of them or more
  /// are answered with 503.
  std::size_t max_backlog = 1'000;
};

/// Worker processes. A lane is a number of jobs that may run at once.
struct lane_settings {
  std::uint32_t preview = 2; ///< Preview jobs at once, for which clients wait, 1..64.
  std::uint32_t batch = 0;   ///< All other jobs at once, 0..64; 0: cores less one, at least 1.
  std::chrono::milliseconds preview_deadline{30'000};  ///< Processor time, 100 ms..10 min.
  std::chrono::milliseconds batch_deadline{3'600'000}; ///< Processor time, 1 s..24 h.
  /// Estimated processor time of what one user's jobs take in a row while others wait, in the
  /// preview lane and in the other, 100 ms..10 min.
  std::chrono::milliseconds preview_turn{2'000};
  std::chrono::milliseconds batch_turn{20'000};
  std::chrono::milliseconds idle_timeout{
    300'000}; ///< An idle worker beyond the warm ones ends, 1 s..24 h.
};

/// Previews that are made while their files arrive.
struct early_settings {
  std::uint32_t at_once = 4;                   ///< Files decoded while they arrive, 0 (none)..64.
  std::chrono::milliseconds deadline{120'000}; ///< Time for one, from its first bytes.
  std::chrono::milliseconds patience{10'000};  ///< Time without a new byte.
  std::chrono::milliseconds finish_limit{
    2'000}; ///< Time after the last byte; then the preview is made anew.
  std::chrono::milliseconds idle_timeout{60'000}; ///< An idle worker beyond the first ends.
};

/// How uploads that expired unfinished are removed.
struct sweeper_settings {
  std::chrono::milliseconds interval{60'000}; ///< Between two sweeps, 100 ms..1 h.
  std::uint32_t at_most = 256;                ///< Uploads in one sweep: it holds up every writer.
};

/// How copies of the database are made.
struct copier_settings {
  std::chrono::milliseconds interval{86'400'000}; ///< Between two copies, 1 s..720 h.
};

struct settings {
  processing_settings processing;
  lane_settings lanes;
  early_settings early;
  sweeper_settings sweeper;
  copier_settings copier;
};

} // namespace mediad::actors
