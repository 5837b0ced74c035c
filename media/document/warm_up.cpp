#include "media/document/warm_up.hpp"

#include "media/document/source/warm_up.hpp"
#include "media/encode/warm_up.hpp"

#include <cstddef>
#include <malloc.h>

namespace mediad::media {
namespace {

// Drawing a page of 320 pixels and making a preview of it takes about this much memory.
constexpr std::size_t working_bytes = 8U << 20U;

} // namespace

void warm_up_page() {
  // One heap also for the threads that draw, which would have a new one each.
  ::mallopt(M_ARENA_MAX, 1);
  keep_memory(working_bytes);
  warm_up_poppler();
  warm_up_encoding(detailed_picture());
}

} // namespace mediad::media
