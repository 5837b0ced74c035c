#include "media/encode/encode.hpp"

#include "base/file.hpp"
#include "media/picture/few_colors.hpp"

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <utility>
#include <webp/encode.h>
#include <webp/mux.h>

namespace mediad::media {
namespace {

struct webp_picture : WebPPicture {
  webp_picture() : WebPPicture{} {
    if (WebPPictureInit(this) == 0)
      throw std::runtime_error{"libwebp is of another version than its headers"};
  }
  webp_picture(const webp_picture&) = delete;
  webp_picture& operator=(const webp_picture&) = delete;
  ~webp_picture() {
    WebPPictureFree(this);
  }
};

int append(const std::uint8_t* bytes, std::size_t count, const WebPPicture* picture) {
  static_cast<std::string*>(picture->custom_ptr)
    ->append(reinterpret_cast<const char*>(bytes), count);
  return 1;
}

result<WebPConfig> webp_config(int quality, int method) {
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_PHOTO, static_cast<float>(quality)) == 0)
    return fail(errc::internal, "WebPConfigPreset");
  config.method = method;
  return config;
}

result<std::string> encode(const WebPConfig& config, webp_picture& target) {
  std::string bytes;
  target.writer = append;
  target.custom_ptr = &bytes;
  if (WebPEncode(&config, &target) == 0)
    return fail(errc::internal, "libwebp: encoding error " + std::to_string(target.error_code));
  return bytes;
}

error too_long() {
  return fail(errc::too_large, "a side is longer than WebP can hold");
}

result<std::string> encode(const WebPConfig& config, const picture& source) {
  webp_picture target;
  target.use_argb = 1;
  target.width = static_cast<int>(source.width);
  target.height = static_cast<int>(source.height);
  const auto stride = static_cast<int>(source.stride());
  const auto imported = source.has_alpha()
                          ? WebPPictureImportRGBA(&target, source.pixels.data(), stride)
                          : WebPPictureImportRGB(&target, source.pixels.data(), stride);
  if (imported == 0)
    return fail(errc::internal, "libwebp: out of memory");
  return encode(config, target);
}

result<std::string> encode_lossless(const picture& source) {
  constexpr int effort = 3; // 0 is fast, 9 small
  WebPConfig config;
  if (WebPConfigInit(&config) == 0 || WebPConfigLosslessPreset(&config, effort) == 0)
    return fail(errc::internal, "WebPConfigLosslessPreset");
  return encode(config, source);
}

bool fits_webp(extent size) {
  return size.width <= webp_max_side && size.height <= webp_max_side;
}

// WebP holds luma in 16..235 and chroma in 16..240 (RFC 9649, 2.5, by way of VP8).
plane in_video_range(const plane& full, double steps, int middle_in, int middle_out) {
  std::array<std::uint8_t, 256> table{};
  for (int i = 0; i < 256; ++i)
    table.at(static_cast<std::size_t>(i)) =
      static_cast<std::uint8_t>(std::lround(middle_out + (i - middle_in) * steps / 255));
  plane made{full.width, full.height};
  for (std::uint32_t y = 0; y < full.height; ++y) {
    const auto* in = full.row(y);
    auto* out = made.row(y);
    for (std::uint32_t x = 0; x < full.width; ++x)
      out[x] = table[in[x]];
  }
  return made;
}

} // namespace

picture flatten(const picture& source, rgb_color background) {
  picture flat{source.width, source.height, 3};
  const auto* in = source.pixels.data();
  for (auto out = flat.pixels.begin(); out != flat.pixels.end(); in += 4)
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned over = in[c] * in[3] + background[c] * (255U - in[3]);
      *out++ = static_cast<std::uint8_t>((over + 127) / 255);
    }
  return flat;
}

result<std::string> encode_webp(const picture& source, int quality, int method) {
  if (!fits_webp({source.width, source.height}))
    return too_long();
  const auto config = webp_config(quality, method);
  if (!config)
    return fail(config.error());
  return encode(*config, source);
}

result<std::string> encode_webp_to_suit(const picture& source, int quality, int method,
                                        bool is_plain) {
  constexpr std::uint32_t icon_side = 128;
  if (!fits_webp({source.width, source.height}))
    return too_long();
  const bool is_icon = std::max(source.width, source.height) <= icon_side;
  const bool has_few = is_plain || has_few_colors(source);
  auto config = webp_config(quality, method);
  if (!config)
    return fail(config.error());
  config->use_sharp_yuv = has_few ? 1 : 0;
  auto lossy = encode(*config, source);
  if (!lossy || (!is_icon && !has_few))
    return lossy;
  auto lossless = encode_lossless(source);
  if (!lossless)
    return lossless;
  const auto most = has_few ? lossy->size() * 2 : lossy->size();
  return lossless->size() <= most ? std::move(lossless) : std::move(lossy);
}

result<std::string> encode_webp(const planar& source, int quality, int method) {
  if (!fits_webp(source.size))
    return too_long();
  if (source.chroma_x != 0.5 || source.chroma_y != 0.5) {
    const auto halved = resize(source, source.size, chroma::half);
    return halved ? encode_webp(*halved, quality, method)
                  : result<std::string>{fail(halved.error())};
  }
  const auto config = webp_config(quality, method);
  if (!config)
    return fail(config.error());
  const auto y = in_video_range(source.parts[0], 219, 0, 16);
  const auto u = in_video_range(source.parts[1], 224, 128, 128);
  const auto v = in_video_range(source.parts[2], 224, 128, 128);
  webp_picture target;
  target.use_argb = 0;
  target.colorspace = WEBP_YUV420;
  target.width = static_cast<int>(source.size.width);
  target.height = static_cast<int>(source.size.height);
  target.y = y.bytes.get();
  target.u = u.bytes.get();
  target.v = v.bytes.get();
  target.y_stride = static_cast<int>(y.stride);
  target.uv_stride = static_cast<int>(u.stride);
  return encode(*config, target);
}

result<std::string> attach_to_webp(const std::string& webp, const attachments& attached) {
  struct delete_mux {
    void operator()(WebPMux* mux) const noexcept {
      WebPMuxDelete(mux);
    }
  };
  const auto data_of = [](const auto& bytes) {
    return WebPData{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  };
  const auto pixels = data_of(webp);
  const std::unique_ptr<WebPMux, delete_mux> mux{WebPMuxCreate(&pixels, 1)};
  if (!mux)
    return fail(errc::internal, "WebPMuxCreate");
  for (const auto& [name, bytes] : {std::pair{"ICCP", &attached.icc}, {"EXIF", &attached.exif}})
    if (const auto chunk = data_of(*bytes);
        !bytes->empty() && WebPMuxSetChunk(mux.get(), name, &chunk, 1) != WEBP_MUX_OK)
      return fail(errc::internal, "WebPMuxSetChunk");
  WebPData made{};
  if (WebPMuxAssemble(mux.get(), &made) != WEBP_MUX_OK)
    return fail(errc::internal, "WebPMuxAssemble");
  std::string whole{reinterpret_cast<const char*>(made.bytes), made.size};
  WebPDataClear(&made);
  return whole;
}

result<> write_file(const folder_entry& file, std::string_view bytes) {
  auto fd = file.open(O_WRONLY | O_CREAT | O_TRUNC);
  if (!fd)
    return fail(fd.error());
  if (auto written = write_all(fd->get(), bytes, 0); !written)
    return written;
  return fd->close();
}

result<made_file> write_encoded(const result<std::string>& bytes, extent size,
                                const folder_entry& file, std::string_view media_type) {
  if (!bytes)
    return fail(bytes.error());
  if (auto written = write_file(file, *bytes); !written)
    return fail(written.error());
  made_file made;
  made.name = file.name;
  made.media_type = media_type;
  made.width = size.width;
  made.height = size.height;
  return made;
}

result<made_file> write_webp(const picture& source, const folder_entry& file, int quality,
                             int method) {
  return write_encoded(encode_webp(source, quality, method), {source.width, source.height}, file,
                       "image/webp");
}

result<made_file> write_jpeg(const picture& source, const folder_entry& file, int quality) {
  return write_encoded(encode_jpeg(source, quality), {source.width, source.height}, file,
                       "image/jpeg");
}

} // namespace mediad::media
