#include "net/io/transfer_buffer.hpp"

#include <algorithm>
#include <new>
#include <sys/mman.h>

namespace mediad::net {
namespace {

// What the fastest upload has under way.
constexpr std::size_t max_kept = 8;

/// @returns null where there is no memory.
char* map_pages(std::size_t bytes) {
  void* const pages =
    ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

} // namespace

buffer_budget::~buffer_budget() {
  for (auto* block : kept_)
    ::munmap(block, block_bytes);
}

char* buffer_budget::take_block() {
  if (!take(block_bytes))
    return nullptr;
  {
    const std::lock_guard lock{guard_};
    if (!kept_.empty()) {
      auto* const block = kept_.back();
      kept_.pop_back();
      return block;
    }
  }
  auto* const block = map_pages(block_bytes);
  if (block == nullptr)
    give_back(block_bytes);
  return block;
}

void buffer_budget::give_back_block(char* block) {
  give_back(block_bytes);
  {
    const std::lock_guard lock{guard_};
    if (kept_.size() < max_kept)
      return kept_.push_back(block);
  }
  ::munmap(block, block_bytes);
}

transfer_buffer::transfer_buffer(buffer_budget& budget, std::size_t enough) : budget_{budget} {
  if (enough > small_bytes)
    memory_ = budget.take_block();
  is_block_ = memory_ != nullptr;
  if (!is_block_)
    memory_ = map_pages(small_bytes);
  if (memory_ == nullptr)
    throw std::bad_alloc{};
  size_ = std::min(enough, is_block_ ? large_bytes : small_bytes);
}

transfer_buffer::~transfer_buffer() {
  if (is_block_)
    budget_.give_back_block(memory_);
  else
    ::munmap(memory_, small_bytes);
}

} // namespace mediad::net
