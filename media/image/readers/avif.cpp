#include "media/bytes/exif.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/readers.hpp"
#include "media/picture/color.hpp"

#include <array>
#include <avif/avif.h>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace mediad::media {
namespace {

struct destroy_decoder {
  void operator()(avifDecoder* decoder) const noexcept {
    avifDecoderDestroy(decoder);
  }
};
using decoder_handle = std::unique_ptr<avifDecoder, destroy_decoder>;

error describe_failure(avifResult failure, const avifDecoder& decoder) {
  auto detail = std::string{"libavif: "} + avifResultToString(failure);
  if (decoder.diag.error[0] != '\0')
    detail += std::string{": "} + static_cast<const char*>(decoder.diag.error);
  switch (failure) {
  case AVIF_RESULT_NO_CODEC_AVAILABLE:
  case AVIF_RESULT_UNSUPPORTED_DEPTH:
  case AVIF_RESULT_NOT_IMPLEMENTED: return fail(errc::unsupported_media, std::move(detail));
  case AVIF_RESULT_OUT_OF_MEMORY: return fail(errc::too_large, std::move(detail));
  default: return fail(errc::corrupt_media, std::move(detail));
  }
}

// libavif calls it `mode` up to 0.11 (Debian 12), and `axis` from 1.0 on (Debian 13).
template <class Mirror>
unsigned axis_of(const Mirror& mirror) {
  if constexpr (requires { mirror.axis; })
    return mirror.axis;
  else
    return mirror.mode;
}

// `irot` turns anticlockwise, and then `imir` mirrors (ISO/IEC 23008-12, 6.5.10 and 6.5.12). This
// is the one of Exif's eight orientations that does both. Mirroring along axis 0 exchanges top and
// bottom.
int orientation_of(const avifImage& image) {
  constexpr std::array<std::array<int, 3>, 4> by_angle{
    {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}}};
  const auto angle = (image.transformFlags & AVIF_TRANSFORM_IROT) != 0 ? image.irot.angle & 3U : 0U;
  const std::size_t mirror =
    (image.transformFlags & AVIF_TRANSFORM_IMIR) == 0 ? 0U : 1U + (axis_of(image.imir) & 1U);
  return by_angle.at(angle).at(mirror);
}

std::vector<std::uint8_t> profile_of(const avifImage& image) {
  if (image.icc.size > 0 && image.icc.size <= max_icc_bytes)
    return {image.icc.data, image.icc.data + image.icc.size};
  return profile_for(image.colorPrimaries, image.transferCharacteristics);
}

std::optional<luma_rule> rule_of(const avifImage& image) {
  const bool full = image.yuvRange == AVIF_RANGE_FULL;
  switch (image.matrixCoefficients) {
  case AVIF_MATRIX_COEFFICIENTS_BT709: return luma_rule{0.2126, 0.0722, full};
  case AVIF_MATRIX_COEFFICIENTS_UNSPECIFIED:
  case AVIF_MATRIX_COEFFICIENTS_BT470BG:
  case AVIF_MATRIX_COEFFICIENTS_BT601: return luma_rule{0.299, 0.114, full};
  default: return std::nullopt;
  }
}

std::optional<planar> planes_of(const avifImage& image) {
  const auto rule = rule_of(image);
  if (!rule || image.depth != 8 || image.alphaPlane != nullptr
      || image.yuvFormat == AVIF_PIXEL_FORMAT_YUV400 || image.yuvFormat == AVIF_PIXEL_FORMAT_NONE)
    return std::nullopt;
  planar made;
  made.size = {image.width, image.height};
  made.rule = *rule;
  made.chroma_x = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV444 ? 1 : 0.5;
  made.chroma_y = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV420 ? 0.5 : 1;
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    const auto side = [i](std::uint32_t pixels, double share) {
      return i == 0 || share == 1 ? pixels : (pixels + 1) / 2;
    };
    auto& part = made.parts.at(i);
    part = plane{side(image.width, made.chroma_x), side(image.height, made.chroma_y)};
    for (std::uint32_t y = 0; y < part.height; ++y)
      std::memcpy(part.row(y), image.yuvPlanes[i] + std::size_t{y} * image.yuvRowBytes[i],
                  part.width);
  }
  return made;
}

result<picture> pixels_of(const avifImage& image) {
  picture made{image.width, image.height, image.alphaPlane != nullptr ? 4U : 3U};
  avifRGBImage pixels;
  avifRGBImageSetDefaults(&pixels, &image);
  pixels.depth = 8;
  pixels.format = made.has_alpha() ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
  pixels.pixels = made.pixels.data();
  pixels.rowBytes = static_cast<std::uint32_t>(made.stride());
  if (const auto done = avifImageYUVToRGB(&image, &pixels); done != AVIF_RESULT_OK)
    return fail(errc::unsupported_media, std::string{"libavif: "} + avifResultToString(done));
  return made;
}

struct crop {
  std::uint32_t left = 0, top = 0;
  extent size;
};

// One axis of a clean aperture, whose numbers are fractions: how long it is, and how far its centre
// is from that of @p all (ISO/IEC 14496-12, 12.1.4). Returns nothing if it is not within the
// picture.
std::optional<std::pair<std::uint32_t, std::uint32_t>> aperture_of(std::uint32_t all, double length,
                                                                   double offset) {
  const auto from = std::round(offset + (all - length) / 2);
  if (!(length >= 1) || !(from >= 0) || !(from + std::round(length) <= all))
    return std::nullopt;
  return std::pair{static_cast<std::uint32_t>(from),
                   static_cast<std::uint32_t>(std::round(length))};
}

// What of the picture its author wants to be seen; nothing if all of it.
std::optional<crop> crop_of(const avifImage& image) {
  const auto& clap = image.clap;
  if ((image.transformFlags & AVIF_TRANSFORM_CLAP) == 0 || clap.widthD == 0 || clap.heightD == 0
      || clap.horizOffD == 0 || clap.vertOffD == 0)
    return std::nullopt;
  const auto fraction = [](double numerator, double denominator) {
    return numerator / denominator;
  };
  const auto signed_fraction = [&](std::uint32_t numerator, std::uint32_t denominator) {
    return fraction(static_cast<std::int32_t>(numerator), denominator);
  };
  const auto x = aperture_of(image.width, fraction(clap.widthN, clap.widthD),
                             signed_fraction(clap.horizOffN, clap.horizOffD));
  const auto y = aperture_of(image.height, fraction(clap.heightN, clap.heightD),
                             signed_fraction(clap.vertOffN, clap.vertOffD));
  if (!x || !y)
    return std::nullopt;
  return crop{x->first, y->first, {x->second, y->second}};
}

picture cropped(const picture& whole, const crop& to) {
  picture made{to.size.width, to.size.height, whole.channels};
  for (std::uint32_t y = 0; y < made.height; ++y)
    std::memcpy(made.row(y), whole.row(to.top + y) + std::size_t{to.left} * whole.channels,
                made.stride());
  return made;
}

// Without properties that turn it, its Exif does (docs/decisions/0025-exif-turns-heif.md).
int turn_of(const avifImage& image) {
  constexpr auto turns = AVIF_TRANSFORM_IROT | AVIF_TRANSFORM_IMIR;
  if ((image.transformFlags & turns) == 0 && image.exif.size > 0)
    return exif_orientation({image.exif.data, image.exif.size});
  return orientation_of(image);
}

} // namespace

result<stored_image> read_avif(const opened_file& file, const limits& max) {
  const decoder_handle decoder{avifDecoderCreate()};
  if (!decoder)
    throw std::bad_alloc{};
  decoder->maxThreads = 1; // there are as many workers as the operator wants threads
  decoder->codecChoice = AVIF_CODEC_CHOICE_DAV1D;
  // Half the files in use lack a box or two that the standard asks for.
  decoder->strictFlags = AVIF_STRICT_DISABLED;
  decoder->imageDimensionLimit = 0; // check_size() sees it before a pixel is decoded
  decoder->imageCountLimit = max.max_frames;
  auto done = avifDecoderSetIOFile(decoder.get(), file.name().c_str());
  if (done == AVIF_RESULT_OK)
    done = avifDecoderParse(decoder.get());
  if (done != AVIF_RESULT_OK)
    return describe_failure(done, *decoder);
  stored_image image;
  image.full = {decoder->image->width, decoder->image->height};
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  if (done = avifDecoderNextImage(decoder.get()); done != AVIF_RESULT_OK)
    return describe_failure(done, *decoder);
  image.orientation = turn_of(*decoder->image);
  const auto& [xmp, xmp_bytes] = decoder->image->xmp;
  image.facts = picture_facts({decoder->image->exif.data, decoder->image->exif.size},
                              {reinterpret_cast<const char*>(xmp), xmp_bytes});
  image.icc = profile_of(*decoder->image);
  const auto crop = crop_of(*decoder->image);
  if (!crop)
    image.planes = planes_of(*decoder->image);
  if (image.planes)
    return image;
  auto pixels = pixels_of(*decoder->image);
  if (!pixels)
    return fail(pixels.error());
  image.pixels = crop ? cropped(*pixels, *crop) : std::move(*pixels);
  image.full = {image.pixels.width, image.pixels.height};
  return image;
}

} // namespace mediad::media
