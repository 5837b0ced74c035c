#include "base/file.hpp"
#include "media/bytes/exif.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/readers.hpp"
#include "media/picture/color.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <webp/decode.h>
#include <webp/demux.h>

namespace mediad::media {
namespace {

// A lossless file of the largest sides that WebP has fits in; photos need a quarter.
constexpr std::size_t max_file_bytes = 512U << 20U;

struct delete_demuxer {
  void operator()(WebPDemuxer* demuxer) const noexcept {
    WebPDemuxDelete(demuxer);
  }
};
using demuxer = std::unique_ptr<WebPDemuxer, delete_demuxer>;

std::vector<std::uint8_t> chunk_of(const WebPDemuxer* file, const char* name) {
  WebPChunkIterator chunk{};
  std::vector<std::uint8_t> bytes;
  if (WebPDemuxGetChunk(file, name, 1, &chunk) != 0 && chunk.chunk.size <= max_icc_bytes)
    bytes.assign(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  return bytes;
}

// libwebp's own scaler only averages: it makes twice the wanted size, and our better filter does
// the rest.
void ask_for_scale(WebPDecoderConfig& config, extent full, double least) {
  const auto scale = least * 2;
  if (scale >= 1)
    return;
  config.options.use_scaling = 1;
  config.options.scaled_width = std::max(1, static_cast<int>(std::lround(full.width * scale)));
  config.options.scaled_height = std::max(1, static_cast<int>(std::lround(full.height * scale)));
}

error describe_failure(VP8StatusCode status) {
  if (status == VP8_STATUS_OUT_OF_MEMORY)
    return fail(errc::too_large, "libwebp: out of memory");
  return fail(errc::corrupt_media, "libwebp: status " + std::to_string(status));
}

struct delete_decoder {
  void operator()(WebPIDecoder* decoder) const noexcept {
    WebPIDelete(decoder);
  }
};

// Decodes as many rows as are there, for a file that is cut off or damaged.
// Returns how many of its rows were, and whether that is all.
struct found_rows {
  std::uint32_t count = 0;
  bool are_all = false;
};
result<found_rows> decode_what_is_there(const WebPData& data, WebPDecoderConfig& config) {
  const std::unique_ptr<WebPIDecoder, delete_decoder> decoder{WebPIDecode(nullptr, 0, &config)};
  if (!decoder)
    return describe_failure(VP8_STATUS_OUT_OF_MEMORY);
  const auto status = WebPIUpdate(decoder.get(), data.bytes, data.size);
  int height = 0;
  const auto* buffer = WebPIDecodedArea(decoder.get(), nullptr, nullptr, nullptr, &height);
  if (status != VP8_STATUS_OK && (buffer == nullptr || height <= 0))
    return describe_failure(status == VP8_STATUS_SUSPENDED ? VP8_STATUS_NOT_ENOUGH_DATA : status);
  return found_rows{static_cast<std::uint32_t>(std::max(0, height)), status == VP8_STATUS_OK};
}

// @param gray_out is called with the first row that is missing, if one is.
template <class GrayOut>
result<bool> decode(const WebPData& data, WebPDecoderConfig& config, GrayOut gray_out) {
  config.output.is_external_memory = 1;
  const auto status = WebPDecode(data.bytes, data.size, &config);
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_OK)
    return true;
  if (status == VP8_STATUS_OUT_OF_MEMORY)
    return describe_failure(status);
  const auto found = decode_what_is_there(data, config);
  if (!found)
    return fail(found.error());
  if (!found->are_all)
    gray_out(found->count);
  return found->are_all;
}

// What is not there is gray, or transparent in a picture with alpha.
constexpr std::uint8_t middle_gray = 128;

result<> decode_pixels(const WebPData& data, WebPDecoderConfig& config, extent size,
                       stored_image& image) {
  const bool has_alpha = config.input.has_alpha != 0;
  image.pixels = picture{size.width, size.height, has_alpha ? 4U : 3U};
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.u.RGBA.rgba = image.pixels.pixels.data();
  config.output.u.RGBA.stride = static_cast<int>(image.pixels.stride());
  config.output.u.RGBA.size = image.pixels.pixels.size();
  const auto complete = decode(data, config, [&](std::uint32_t from) {
    auto& to = image.pixels;
    std::fill(to.row(std::min(from, to.height)), to.row(to.height),
              has_alpha ? std::uint8_t{0} : middle_gray);
  });
  if (!complete)
    return fail(complete.error());
  image.is_incomplete = !*complete;
  return {};
}

result<> decode_planes(const WebPData& data, WebPDecoderConfig& config, extent size,
                       stored_image& image) {
  planar to;
  to.size = size;
  to.chroma_x = to.chroma_y = 0.5;
  to.rule.full_range = false; // as VP8 has it
  to.parts[0] = plane{size.width, size.height};
  for (std::size_t i = 1; i < to.parts.size(); ++i)
    to.parts.at(i) = plane{(size.width + 1) / 2, (size.height + 1) / 2};
  auto& out = config.output.u.YUVA;
  config.output.colorspace = MODE_YUV;
  out.y = to.parts[0].bytes.get();
  out.u = to.parts[1].bytes.get();
  out.v = to.parts[2].bytes.get();
  out.y_stride = static_cast<int>(to.parts[0].stride);
  out.u_stride = out.v_stride = static_cast<int>(to.parts[1].stride);
  out.y_size = to.parts[0].stride * to.parts[0].height;
  out.u_size = out.v_size = to.parts[1].stride * to.parts[1].height;
  const auto complete = decode(data, config, [&](std::uint32_t from) {
    for (auto& part : to.parts)
      for (auto y = from * part.height / size.height; y < part.height; ++y)
        std::fill_n(part.row(y), part.width, middle_gray);
  });
  if (!complete)
    return fail(complete.error());
  image.is_incomplete = !*complete;
  image.planes = std::move(to);
  return {};
}

result<> decode_still(const WebPData& data, double min_scale, stored_image& image) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    return fail(errc::internal, "libwebp is of another version than its headers");
  if (WebPGetFeatures(data.bytes, data.size, &config.input) != VP8_STATUS_OK)
    return fail(errc::corrupt_media, "libwebp: WebPGetFeatures");
  ask_for_scale(config, image.full, min_scale);
  const auto size = config.options.use_scaling == 0
                      ? image.full
                      : extent{static_cast<std::uint32_t>(config.options.scaled_width),
                               static_cast<std::uint32_t>(config.options.scaled_height)};
  constexpr int lossy = 1;
  return config.input.format == lossy && config.input.has_alpha == 0
           ? decode_planes(data, config, size, image)
           : decode_pixels(data, config, size, image);
}

} // namespace

result<stored_image> read_webp(const opened_file& file, wanted_size wanted, const limits& max) {
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
  // The header is checked first: a decompression bomb that is cut off is still too large.
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  image.exif = chunk_of(container.get(), "EXIF");
  image.orientation = exif_orientation(image.exif);
  const auto xmp = chunk_of(container.get(), "XMP ");
  image.facts = picture_facts(image.exif, {reinterpret_cast<const char*>(xmp.data()), xmp.size()});
  image.icc = chunk_of(container.get(), "ICCP");
  const auto least = wanted.min_scale(image.full, image.orientation);
  if (auto decoded = decode_still(data, least, image); !decoded)
    return fail(decoded.error());
  return image;
}

} // namespace mediad::media
