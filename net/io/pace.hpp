#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mediad::net {

/// Whether bytes come fast enough: a client that sends one now and then never stalls, but holds a
/// connection for as long as it likes. Only waiting counts, so that our own disk makes no client
/// slow.
class pace {
public:
  using clock = std::chrono::steady_clock;

  /// @param bytes_per_s  on average over each @p window; 0: any.
  pace(std::uint32_t bytes_per_s, clock::duration window)
    : bytes_per_s_{bytes_per_s}, window_{window} {}

  void waited(clock::duration time) {
    waited_ += time;
  }
  /// @returns false if it was too slow.
  bool came(std::size_t bytes) {
    bytes_ += bytes;
    if (waited_ < window_)
      return true;
    const auto seconds = std::chrono::duration<double>(waited_).count();
    const bool enough = static_cast<double>(bytes_) >= seconds * bytes_per_s_;
    waited_ = {};
    bytes_ = 0;
    return enough;
  }

private:
  std::uint32_t bytes_per_s_;
  clock::duration window_;
  clock::duration waited_{};
  std::uint64_t bytes_ = 0;
};

} // namespace mediad::net
