#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

/// Numbers about the running server, for Prometheus. Each room registers its own once, keeps the
/// reference, and counts with it; the code that serves them knows none of them by name.
namespace mediad::metrics {

/// Any thread may touch it: one atomic addition, without a look-up. prometheus::Counter is not used
/// for this, as it adds to a double in a loop, which takes four times as long.
using number = std::atomic<std::uint64_t>;

/// Names and values that tell the numbers of one metric apart: `{{"class", "2xx"}}`.
using labels = std::map<std::string, std::string>;

/// All numbers of one server. Any thread may use it.
class registry {
public:
  registry();
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  /// Registers a number that only rises; its name ends in `_total`. The same name may come again
  /// with other labels; the help of the first one counts.
  /// @returns what to count with. It lives as long as the registry.
  number& add_counter(const std::string& name, const std::string& help, labels with = {});

  /// Registers a number that rises and falls. The same otherwise.
  number& add_gauge(const std::string& name, const std::string& help, labels with = {});

  /// What a number is now; 0 if no room has registered it.
  std::uint64_t value(const std::string& name, const labels& with = {}) const;

  /// All of them in the order of their registration, in Prometheus' text format
  /// (https://prometheus.io/docs/instrumenting/exposition_formats/, 0.0.4).
  std::string to_text() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::metrics
