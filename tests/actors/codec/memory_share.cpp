#define CAF_SUITE actors_codec_memory_share

#include "actors/codec/memory_share.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30U;

} // namespace

CAF_TEST(all jobs together leave a quarter of the memory) {
  actors::lane_settings lanes;
  lanes.preview = 2;
  lanes.batch = 1;
  CAF_CHECK_EQUAL(actors::memory_share(lanes, 32 * gib), 6 * gib);
  lanes.batch = 4;
  CAF_CHECK_EQUAL(actors::memory_share(lanes, 80 * gib), 6 * gib);
}

CAF_TEST(a job has room for LibreOffice however small the machine) {
  CAF_CHECK_EQUAL(actors::memory_share({}, gib), 2 * gib);
}
