#define CAF_SUITE media_picture_thumbhash

#include "media/picture/thumbhash.hpp"

#include "media/picture/resize.hpp"
#include "tests/media/support/pictures.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

// The expected hashes are those of the reference implementation (npm `thumbhash` 0.1.1, MIT) for
// the same pixels.
media::picture ramp(std::uint32_t width, std::uint32_t height, std::uint32_t channels) {
  media::picture p{width, height, channels};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      auto* at = p.row(y) + std::size_t{x} * channels;
      at[0] = static_cast<std::uint8_t>(x * 255 / (width - 1));
      at[1] = static_cast<std::uint8_t>(y * 255 / (height - 1));
      at[2] = static_cast<std::uint8_t>((x * 7 + y * 13) % 32 * 8);
      if (channels == 4)
        at[3] = static_cast<std::uint8_t>((x + y) * 255 / (width + height - 2));
    }
  return p;
}

} // namespace

CAF_TEST(an opaque landscape has the hash of the reference implementation) {
  CAF_CHECK_EQUAL(media::thumbhash_base64(ramp(32, 24, 3)), "H/gJPZpwd3dweHh4d3eHeICACPh3");
}

CAF_TEST(a transparent portrait has the hash of the reference implementation) {
  CAF_CHECK_EQUAL(media::thumbhash_base64(ramp(20, 30, 4)), "4+iFGw4nkLGod4iQsQrpWHN3cIeHd4c=");
}

CAF_TEST(a flat strip has the hash of the reference implementation) {
  CAF_CHECK_EQUAL(media::thumbhash_base64(ramp(48, 5, 3)), "H/gNQaBxd3eAd4eHgXAX+Hg=");
}

CAF_TEST(a large picture has nearly the hash of its small one) {
  const auto large = media::thumbhash(*media::resize(quarters(800, 600), {100, 75}));
  const auto small = media::thumbhash(quarters(100, 75));
  const int apart = std::abs(int{large[0]} - int{small[0]});
  CAF_CHECK_EQUAL(large.size(), small.size());
  CAF_CHECK_LESS_OR_EQUAL(apart, 1);
}
