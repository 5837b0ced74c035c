#include "media/picture/color.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <lcms2.h>
#include <memory>

namespace mediad::media {
namespace {

struct close_profile {
  void operator()(void* profile) const noexcept {
    cmsCloseProfile(profile);
  }
};
using profile_handle = std::unique_ptr<void, close_profile>;

struct delete_transform {
  void operator()(void* transform) const noexcept {
    cmsDeleteTransform(transform);
  }
};
using transform_handle = std::unique_ptr<void, delete_transform>;

profile_handle open_profile(std::span<const std::uint8_t> icc) {
  if (icc.empty() || icc.size() > max_icc_bytes)
    return nullptr;
  return profile_handle{
    cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()))};
}

transform_handle transform_to_srgb(const profile_handle& from, cmsUInt32Number in,
                                   cmsUInt32Number out) {
  const profile_handle srgb{cmsCreate_sRGBProfile()};
  return transform_handle{cmsCreateTransform(from.get(), in, srgb.get(), out,
                                             INTENT_RELATIVE_COLORIMETRIC,
                                             cmsFLAGS_BLACKPOINTCOMPENSATION)};
}

// A gray picture has its gray level in each of its colour bytes: lcms reads one and skips the
// others.
cmsUInt32Number input_format(cmsColorSpaceSignature space, std::uint32_t channels) {
  if (space == cmsSigGrayData)
    return COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | BYTES_SH(1) | EXTRA_SH(channels - 1);
  return channels == 4 ? TYPE_RGBA_8 : TYPE_RGB_8;
}

// Most profiles are sRGB under one of many names and in one of many sizes: this asks what a profile
// does instead of what it is called.
bool changes_nothing(cmsHTRANSFORM transform, std::uint32_t channels) {
  constexpr std::array<std::uint8_t, 5> levels{0, 48, 112, 192, 255};
  constexpr int invisible = 2;
  std::vector<std::uint8_t> before;
  for (const auto r : levels)
    for (const auto g : levels)
      for (const auto b : levels) {
        before.insert(before.end(), {r, g, b});
        before.resize(before.size() + channels - 3, 255);
      }
  auto after = before;
  cmsDoTransform(transform, before.data(), after.data(),
                 static_cast<cmsUInt32Number>(before.size() / channels));
  return std::equal(before.begin(), before.end(), after.begin(),
                    [](int a, int b) { return std::abs(a - b) <= invisible; });
}

} // namespace

bool is_srgb(std::span<const std::uint8_t> icc) {
  const auto from = open_profile(icc);
  if (!from)
    return true; // left as it is
  const auto space = cmsGetColorSpace(from.get());
  if (space == cmsSigGrayData)
    return false;
  if (space != cmsSigRgbData)
    return true;
  const auto transform = transform_to_srgb(from, TYPE_RGB_8, TYPE_RGB_8);
  return !transform || changes_nothing(transform.get(), 3);
}

bool has_rgb_profile(std::span<const std::uint8_t> icc) {
  const auto profile = open_profile(icc);
  return profile && cmsGetColorSpace(profile.get()) == cmsSigRgbData;
}

std::vector<std::uint8_t> profile_for(unsigned primaries, unsigned transfer) {
  constexpr unsigned bt2020 = 9;
  constexpr unsigned dci_p3 = 11;
  constexpr unsigned display_p3 = 12;
  constexpr unsigned pq = 16;
  constexpr unsigned hlg = 18;
  if (transfer == pq || transfer == hlg)
    return {};
  cmsCIExyYTRIPLE corners{};
  if (primaries == display_p3 || primaries == dci_p3)
    corners = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
  else if (primaries == bt2020)
    corners = {{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}};
  else
    return {};
  constexpr std::array<double, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  constexpr cmsCIExyY d65{0.3127, 0.3290, 1};
  auto* tone = cmsBuildParametricToneCurve(nullptr, 4, srgb.data());
  const std::array<cmsToneCurve*, 3> tones{tone, tone, tone};
  const profile_handle profile{cmsCreateRGBProfile(&d65, &corners, tones.data())};
  cmsFreeToneCurve(tone);
  cmsUInt32Number count = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &count);
  std::vector<std::uint8_t> bytes(count);
  cmsSaveProfileToMem(profile.get(), bytes.data(), &count);
  return bytes;
}

void to_srgb(picture& pixels, std::span<const std::uint8_t> icc) {
  const auto from = open_profile(icc);
  if (!from)
    return;
  const auto space = cmsGetColorSpace(from.get());
  if (space != cmsSigRgbData && space != cmsSigGrayData)
    return;
  const auto out = pixels.channels == 4 ? TYPE_RGBA_8 : TYPE_RGB_8;
  const auto transform = transform_to_srgb(from, input_format(space, pixels.channels), out);
  if (!transform || (space == cmsSigRgbData && changes_nothing(transform.get(), pixels.channels)))
    return;
  for (std::uint32_t y = 0; y < pixels.height; ++y) // in place; lcms leaves the alpha bytes alone
    cmsDoTransform(transform.get(), pixels.row(y), pixels.row(y), pixels.width);
}

void cmyk_converter::free_transform::operator()(void* transform) const noexcept {
  cmsDeleteTransform(transform);
}

cmyk_converter::cmyk_converter(std::span<const std::uint8_t> icc, bool inverted)
  : inverted_{inverted} {
  const auto from = open_profile(icc);
  if (from && cmsGetColorSpace(from.get()) == cmsSigCmykData)
    transform_.reset(
      transform_to_srgb(from, inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8, TYPE_RGB_8).release());
}

void cmyk_converter::convert(const std::uint8_t* cmyk, std::uint8_t* rgb,
                             std::uint32_t pixels) const {
  if (transform_) {
    cmsDoTransform(transform_.get(), cmyk, rgb, pixels);
    return;
  }
  const unsigned flip = inverted_ ? 0U : 255U;
  for (std::uint32_t i = 0; i < pixels; ++i, cmyk += 4)
    for (int c = 0; c < 3; ++c) {
      const unsigned light = cmyk[c] ^ flip;
      const unsigned paper = cmyk[3] ^ flip;
      *rgb++ = static_cast<std::uint8_t>((light * paper + 127) / 255);
    }
}

} // namespace mediad::media
