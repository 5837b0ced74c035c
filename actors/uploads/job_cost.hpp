#pragma once

#include "media/job/job.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What jobs are expected to cost, so that users can take turns by it. An estimate that is wrong
/// costs fairness and nothing else; what is known of a file was said by a worker and is not
/// trusted.
namespace mediad::actors {

/// What is known of a file's contents. 0: not known.
struct extent {
  std::uint64_t bytes = 0;
  double seconds = 0; ///< Of sound or video, at most a day.
  double pixels = 0;  ///< Of one picture, at most 10^9.
};

/// @param facts  the record's `media`: its duration, width and height count, where they are
/// numbers.
extent extent_of(std::uint64_t bytes, const std::string& facts);

/// Processor time in ms on one core of an ordinary machine, 10 ms to a day. By duration or pixels
/// if they are known, else by bytes. docs/architecture.md has the table.
std::int64_t cost_ms_of(media::job_kind kind, std::string_view media_type, const extent& e);

} // namespace mediad::actors
