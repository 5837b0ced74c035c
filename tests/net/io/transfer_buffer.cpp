#define CAF_SUITE net_io_transfer_buffer

#include "net/io/transfer_buffer.hpp"

#include <optional>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::net;

CAF_TEST(a large buffer is used again once it is free) {
  buffer_budget budget{4 * transfer_buffer::large_bytes};
  std::optional<transfer_buffer> first{std::in_place, budget, transfer_buffer::large_bytes};
  transfer_buffer second{budget, transfer_buffer::large_bytes};
  const auto* const where = first->bytes().data();
  CAF_CHECK_NOT_EQUAL(static_cast<const void*>(where), static_cast<void*>(second.bytes().data()));
  first.reset();
  transfer_buffer third{budget, transfer_buffer::large_bytes};
  CAF_CHECK_EQUAL(static_cast<const void*>(where), static_cast<void*>(third.bytes().data()));
}

CAF_TEST(beyond the budget a buffer is small until others are done) {
  buffer_budget budget{transfer_buffer::large_bytes};
  std::optional<transfer_buffer> first{std::in_place, budget, transfer_buffer::large_bytes};
  const auto beyond = transfer_buffer{budget, transfer_buffer::large_bytes}.bytes().size();
  CAF_CHECK_EQUAL(first->bytes().size(), transfer_buffer::large_bytes);
  CAF_CHECK_EQUAL(beyond, transfer_buffer::small_bytes);
  first.reset();
  const auto again = transfer_buffer{budget, transfer_buffer::large_bytes}.bytes().size();
  CAF_CHECK_EQUAL(again, transfer_buffer::large_bytes);
}

CAF_TEST(a buffer has no more room than is needed) {
  buffer_budget budget{transfer_buffer::large_bytes};
  const auto one = transfer_buffer{budget, 1}.bytes().size();
  const auto some = transfer_buffer{budget, transfer_buffer::small_bytes + 1}.bytes().size();
  CAF_CHECK_EQUAL(one, 1u);
  CAF_CHECK_EQUAL(some, transfer_buffer::small_bytes + 1);
}
