#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace mediad::net {

/// Memory that all uploads together may use for fast transfer. Beyond it each gets by with small
/// buffers, so that many slow clients cost little.
class buffer_budget {
public:
  explicit buffer_budget(std::size_t bytes) : left_{bytes} {}

  [[nodiscard]] bool take(std::size_t bytes) {
    auto left = left_.load(std::memory_order_relaxed);
    while (left >= bytes)
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed))
        return true;
    return false;
  }
  void give_back(std::size_t bytes) {
    left_.fetch_add(bytes, std::memory_order_relaxed);
  }

private:
  std::atomic<std::size_t> left_;
};

/// One buffer of one upload; returns its share of the budget when it goes.
class transfer_buffer {
public:
  static constexpr std::size_t large_bytes = std::size_t{256} << 10U;
  static constexpr std::size_t small_bytes = std::size_t{16} << 10U;

  /// @param budget  outlives the buffer.
  /// @param enough  more room than this is not needed; at least 1.
  transfer_buffer(buffer_budget& budget, std::size_t enough) : budget_{budget} {
    if (enough > small_bytes && budget.take(large_bytes))
      taken_ = large_bytes;
    size_ = std::min(enough, taken_ > 0 ? large_bytes : small_bytes);
    bytes_ = std::make_unique_for_overwrite<char[]>(size_);
  }
  transfer_buffer(const transfer_buffer&) = delete;
  transfer_buffer& operator=(const transfer_buffer&) = delete;
  ~transfer_buffer() {
    budget_.give_back(taken_);
  }

  std::span<char> bytes() {
    return {bytes_.get(), size_};
  }

private:
  buffer_budget& budget_;
  std::size_t taken_ = 0;
  std::size_t size_ = 0;
  std::unique_ptr<char[]> bytes_;
};

} // namespace mediad::net
