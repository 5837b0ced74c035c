#include "base/file.hpp"
#include "media/image_color.hpp"
#include "media/image_light.hpp"
#include "media/image_orientation.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <webp/decode.h>
#include <webp/demux.h>

namespace mediad::media {
namespace {

// Fits the largest sides WebP has, without loss, at four times what photos need.
constexpr std::size_t max_file_bytes = 512U << 20U;

struct delete_demuxer {
  void operator()(WebPDemuxer* demuxer) const noexcept {
    WebPDemuxDelete(demuxer);
  }
};
using demuxer = std::unique_ptr<WebPDemuxer, delete_demuxer>;

struct delete_animation {
  void operator()(WebPAnimDecoder* decoder) const noexcept {
    WebPAnimDecoderDelete(decoder);
  }
};

std::vector<std::uint8_t> chunk_of(const WebPDemuxer* file, const char* name) {
  WebPChunkIterator chunk{};
  std::vector<std::uint8_t> bytes;
  if (WebPDemuxGetChunk(file, name, 1, &chunk) != 0 && chunk.chunk.size <= max_icc_bytes)
    bytes.assign(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  return bytes;
}

// libwebp's own scaler averages: leave it twice the size wanted, for the better filter to finish.
void ask_for_scale(WebPDecoderConfig& config, extent full, double least) {
  const auto scale = least * 2;
  if (scale >= 1)
    return;
  config.options.use_scaling = 1;
  config.options.scaled_width = std::max(1, static_cast<int>(std::lround(full.width * scale)));
  config.options.scaled_height = std::max(1, static_cast<int>(std::lround(full.height * scale)));
}

result<picture> decode_still(const WebPData& data, extent full, double least_scale) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    return fail(errc::internal, "libwebp is of another version than its headers");
  if (WebPGetFeatures(data.bytes, data.size, &config.input) != VP8_STATUS_OK)
    return fail(errc::corrupt_media, "libwebp: WebPGetFeatures");
  ask_for_scale(config, full, least_scale);
  const bool scaled = config.options.use_scaling != 0;
  const bool has_alpha = config.input.has_alpha != 0;
  picture to{scaled ? static_cast<std::uint32_t>(config.options.scaled_width) : full.width,
             scaled ? static_cast<std::uint32_t>(config.options.scaled_height) : full.height,
             has_alpha ? 4U : 3U};
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = to.pixels.data();
  config.output.u.RGBA.stride = static_cast<int>(to.stride());
  config.output.u.RGBA.size = to.pixels.size();
  const auto status = WebPDecode(data.bytes, data.size, &config);
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_OUT_OF_MEMORY)
    return fail(errc::too_large, "libwebp: out of memory");
  if (status != VP8_STATUS_OK)
    return fail(errc::corrupt_media, "libwebp: status " + std::to_string(status));
  return to;
}

// The first frame on its canvas: a frame alone may be a part of it.
result<picture> decode_first_frame(const WebPData& data, extent canvas) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0)
    return fail(errc::internal, "libwebp is of another version than its headers");
  options.color_mode = MODE_RGBA;
  const std::unique_ptr<WebPAnimDecoder, delete_animation> decoder{
    WebPAnimDecoderNew(&data, &options)};
  std::uint8_t* pixels = nullptr;
  int timestamp = 0;
  if (!decoder || WebPAnimDecoderGetNext(decoder.get(), &pixels, &timestamp) == 0)
    return fail(errc::corrupt_media, "libwebp: no first frame");
  picture to{canvas.width, canvas.height, 4};
  std::copy_n(pixels, to.pixels.size(), to.pixels.begin());
  return to;
}

} // namespace

result<stored_image> read_webp(const std::filesystem::path& file, wanted_size wanted,
                               const limits& max) {
  const auto bytes = read_file(file, max_file_bytes);
  if (!bytes)
    return fail(bytes.error());
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const demuxer container{WebPDemuxPartial(&data, &state)};
  if (!container || state < WEBP_DEMUX_PARSED_HEADER)
    return fail(errc::corrupt_media, "libwebp: the container is damaged");
  stored_image image;
  image.full = {WebPDemuxGetI(container.get(), WEBP_FF_CANVAS_WIDTH),
                WebPDemuxGetI(container.get(), WEBP_FF_CANVAS_HEIGHT)};
  // The header first: a bomb that is cut off as well is still a bomb.
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  if (state != WEBP_DEMUX_DONE)
    return fail(errc::corrupt_media, "libwebp: the file is cut off");
  image.orientation = exif_orientation(chunk_of(container.get(), "EXIF"));
  image.icc = chunk_of(container.get(), "ICCP");
  const auto flags = WebPDemuxGetI(container.get(), WEBP_FF_FORMAT_FLAGS);
  auto pixels =
    (flags & ANIMATION_FLAG) != 0
      ? decode_first_frame(data, image.full)
      : decode_still(data, image.full, wanted.least_scale(image.full, image.orientation));
  if (!pixels)
    return fail(pixels.error());
  image.pixels = std::move(*pixels);
  return image;
}

} // namespace mediad::media
