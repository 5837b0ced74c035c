#include "media/encode/encode.hpp"

#include <algorithm>
#include <avif/avif.h>
#include <memory>
#include <new>
#include <type_traits>

namespace mediad::media {
namespace {

struct destroy_image {
  void operator()(avifImage* image) const noexcept {
    avifImageDestroy(image);
  }
};
using image_handle = std::unique_ptr<avifImage, destroy_image>;

struct destroy_encoder {
  void operator()(avifEncoder* encoder) const noexcept {
    avifEncoderDestroy(encoder);
  }
};

struct avif_bytes : avifRWData {
  avif_bytes() : avifRWData{} {}
  avif_bytes(const avif_bytes&) = delete;
  avif_bytes& operator=(const avif_bytes&) = delete;
  ~avif_bytes() {
    avifRWDataFree(this);
  }
};

// Setters copy what they are given. From libavif 1.0 on (Debian 13) they say if memory ran out; up
// to 0.11 (Debian 12) they return nothing, and libavif aborts.
template <class Setter, class... Values>
void set(Setter setter, Values... values) {
  if constexpr (std::is_void_v<std::invoke_result_t<Setter, Values...>>)
    setter(values...);
  else if (setter(values...) != AVIF_RESULT_OK)
    throw std::bad_alloc{};
}

image_handle describe(extent size, avifPixelFormat format) {
  image_handle image{
    avifImageCreate(static_cast<int>(size.width), static_cast<int>(size.height), 8, format)};
  if (!image)
    throw std::bad_alloc{};
  image->yuvRange = AVIF_RANGE_FULL;
  image->colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
  image->transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
  image->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
  return image;
}

result<std::string> encode(avifImage& image, const avif_style& style, const attachments& attached) {
  if (!attached.icc.empty())
    set(avifImageSetProfileICC, &image, attached.icc.data(), attached.icc.size());
  if (!attached.exif.empty())
    set(avifImageSetMetadataExif, &image, attached.exif.data(), attached.exif.size());
  const std::unique_ptr<avifEncoder, destroy_encoder> encoder{avifEncoderCreate()};
  if (!encoder)
    throw std::bad_alloc{};
  // 0..63, lower is better: the line that avifenc 1.0 draws through its qualities.
  const int level = std::clamp(((100 - style.quality) * 63 + 50) / 100, 0, 63);
  encoder->codecChoice = AVIF_CODEC_CHOICE_AOM; // SVT-AV1 1.4 ignores the quality for stills
  encoder->maxThreads = 1;
  encoder->speed = style.speed;
  encoder->minQuantizer = 0;
  encoder->maxQuantizer = 63;
  encoder->minQuantizerAlpha = 0;
  encoder->maxQuantizerAlpha = level;
  set(avifEncoderSetCodecSpecificOption, encoder.get(), "end-usage", "q");
  set(avifEncoderSetCodecSpecificOption, encoder.get(), "cq-level", std::to_string(level).c_str());
  avif_bytes made;
  if (const auto done = avifEncoderWrite(encoder.get(), &image, &made); done != AVIF_RESULT_OK)
    return fail(errc::internal, std::string{"libavif: "} + avifResultToString(done));
  return std::string{reinterpret_cast<const char*>(made.data), made.size};
}

} // namespace

result<std::string> encode_avif(const picture& source, const avif_style& style,
                                const attachments& attached) {
  if (!source.has_alpha())
    return encode_avif(to_planar(source, chroma::half), style, attached);
  const auto image = describe({source.width, source.height}, AVIF_PIXEL_FORMAT_YUV420);
  avifRGBImage pixels;
  avifRGBImageSetDefaults(&pixels, image.get());
  pixels.format = AVIF_RGB_FORMAT_RGBA;
  pixels.pixels = const_cast<std::uint8_t*>(source.pixels.data()); // it only reads
  pixels.rowBytes = static_cast<std::uint32_t>(source.stride());
  if (const auto done = avifImageRGBToYUV(image.get(), &pixels); done != AVIF_RESULT_OK)
    return fail(errc::internal, std::string{"libavif: "} + avifResultToString(done));
  return encode(*image, style, attached);
}

result<std::string> encode_avif(const planar& source, const avif_style& style,
                                const attachments& attached) {
  const auto image = describe(source.size, source.chroma_x == 0.5 ? AVIF_PIXEL_FORMAT_YUV420
                                                                  : AVIF_PIXEL_FORMAT_YUV444);
  for (std::size_t i = 0; i < source.parts.size(); ++i) {
    image->yuvPlanes[i] = source.parts.at(i).bytes.get();
    image->yuvRowBytes[i] = static_cast<std::uint32_t>(source.parts.at(i).stride);
  }
  image->imageOwnsYUVPlanes = AVIF_FALSE;
  return encode(*image, style, attached);
}

} // namespace mediad::media
