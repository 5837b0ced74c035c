#pragma once

#include "base/metrics.hpp"

#include <array>

namespace mediad::net {

/// What the HTTP side counts; any thread may touch it.
struct http_counters {
  /// Registers each; @p all outlives this.
  explicit http_counters(metrics::registry& all);

  metrics::number& connections;            ///< Connections open now.
  metrics::number& accepted;               ///< Connections ever accepted.
  metrics::number& receiving;              ///< Uploads whose body is arriving now.
  metrics::number& uploads;                ///< Files taken whole.
  metrics::number& upload_bytes;           ///< Bytes of bodies received, also of dropped ones.
  metrics::number& wrong_passwords;        ///< Passwords that were given, and were not right.
  std::array<metrics::number*, 5> answers; ///< Answers by class: 1xx … 5xx.

  void count_answer(unsigned status) {
    if (status >= 100 && status < 600)
      answers[status / 100 - 1]->fetch_add(1, std::memory_order_relaxed);
  }
};

} // namespace mediad::net
