#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

namespace mediad::net {

/// Memory that all uploads together may use for fast transfer. Beyond it each gets by with small
/// buffers, so that many slow clients cost little. May be used from any thread.
class buffer_budget {
public:
  static constexpr std::size_t block_bytes = std::size_t{256} << 10U;

  explicit buffer_budget(std::size_t bytes) : left_{bytes} {}
  buffer_budget(const buffer_budget&) = delete;
  buffer_budget& operator=(const buffer_budget&) = delete;
  ~buffer_budget();

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

  /// A block of block_bytes, which may have been another upload's; null beyond the budget.
  char* take_block();
  void give_back_block(char* block);

private:
  std::atomic<std::size_t> left_;
  std::mutex guard_;
  std::vector<char*>
    kept_; ///< A few released blocks kept for reuse; their pages are already faulted in.
};

/// One buffer of one upload; returns its share of the budget when it goes. Its memory is not
/// malloc's: thousands at once, between small allocations that stay, would leave holes for good.
class transfer_buffer {
public:
  static constexpr std::size_t large_bytes = buffer_budget::block_bytes;
  static constexpr std::size_t small_bytes = std::size_t{16} << 10U;

  /// @param budget  outlives the buffer.
  /// @param enough  more room than this is not needed; at least 1.
  transfer_buffer(buffer_budget& budget, std::size_t enough);
  transfer_buffer(const transfer_buffer&) = delete;
  transfer_buffer& operator=(const transfer_buffer&) = delete;
  ~transfer_buffer();

  std::span<char> bytes() {
    return {memory_, size_};
  }

private:
  buffer_budget& budget_;
  bool is_block_ = false;
  std::size_t size_ = 0;
  char* memory_ = nullptr;
};

} // namespace mediad::net
