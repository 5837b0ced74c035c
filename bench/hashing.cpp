#include "base/sha256.hpp"

#include <nlohmann/json.hpp>

#include <ctime>

#include "bench/body.hpp"
#include "bench/load.hpp"

namespace mediad::bench {

namespace {

/// CPU time of this thread.
double cpu_seconds() {
  timespec now{};
  static_cast<void>(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now));
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

} // namespace

nlohmann::ordered_json hash(std::uint64_t bytes) {
  body_source body{bytes, 1};
  sha256 digest;
  double spent = 0;
  for (std::uint64_t offset = 0; offset < bytes;) {
    const auto piece = body.piece(0, offset);
    const auto begun = cpu_seconds();
    digest.update(piece);
    spent += cpu_seconds() - begun;
    offset += piece.size();
  }
  nlohmann::ordered_json out;
  out["bytes"] = bytes;
  out["cpu_seconds"] = spent;
  out["sha256"] = std::move(digest).hex();
  out["failures"] = 0;
  return out;
}

} // namespace mediad::bench
