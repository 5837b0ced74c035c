#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace mediad::net {

/// Counters of the HTTP side; any thread may touch them.
struct metrics {
  std::atomic<std::uint64_t> accepted{0};     ///< Connections ever accepted.
  std::atomic<std::uint32_t> connections{0};  ///< Open now.
  std::atomic<std::uint64_t> uploads{0};      ///< Files taken whole.
  std::atomic<std::uint64_t> upload_bytes{0}; ///< Bytes of bodies received, also of dropped ones.
  std::atomic<std::uint32_t> receiving{0};    ///< Uploads whose body is arriving now.
  std::array<std::atomic<std::uint64_t>, 5> answers{}; ///< By class: 1xx … 5xx.

  void count_answer(unsigned status) {
    if (status >= 100 && status < 600)
      answers[status / 100 - 1].fetch_add(1, std::memory_order_relaxed);
  }
};

/// Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
std::string to_prometheus(const metrics& m);

} // namespace mediad::net
