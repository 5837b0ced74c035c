#include "media/av/shape.hpp"

#include "media/av/frame_light.hpp"
#include "media/av/releases.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mediad::media::av {
namespace {

// Wider pixels than any standard's (the widest is 32:11) come from damaged headers.
constexpr double max_pixel_aspect = 8;

constexpr double longest_side = 8'192;
constexpr std::uint32_t small_part = 3;

// Samples without a word on their colours are BT.601 up to PAL's size, and BT.709 above it.
constexpr int largest_standard_height = 576;

struct turn {
  int rotation = 0;
  bool mirrored = false;
};

/// The display matrix (ISO/IEC 14496-12, 8.3.2) to the nearest of the eight right-angled turns.
turn turn_of(const AVStream& video) {
  const auto raw = av::display_matrix_of(video);
  std::array<std::int32_t, 9> matrix{};
  if (raw.size() < sizeof matrix)
    return {};
  std::copy_n(raw.data(), sizeof matrix, reinterpret_cast<std::uint8_t*>(matrix.data()));
  const double determinant =
    static_cast<double>(matrix[0]) * matrix[4] - static_cast<double>(matrix[1]) * matrix[3];
  if (determinant == 0)
    return {};
  const bool mirrored = determinant < 0;
  if (mirrored)
    av_display_matrix_flip(matrix.data(), 1, 0);
  const double degrees = -av_display_rotation_get(matrix.data());
  if (std::isnan(degrees))
    return {};
  const int quarters = static_cast<int>(std::lround(degrees / 90));
  return {((quarters % 4) + 4) % 4 * 90, mirrored};
}

bool is_rgb(int format) {
  const auto* known = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
  return known != nullptr && (known->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

bool is_full_range(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  return frame.color_range == AVCOL_RANGE_JPEG || format == AV_PIX_FMT_YUVJ420P
         || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P
         || format == AV_PIX_FMT_YUVJ440P || format == AV_PIX_FMT_YUVJ411P;
}

/// Names a matrix or range only where it changes something: the filter passes frames through
/// untouched when nothing but their format is asked for.
std::string scale(extent size, const AVFrame& frame, bool to_rgb) {
  // Shrunk that far, a wide triangle looks the same and takes half of the time.
  const bool far_smaller = size.width * small_part <= static_cast<std::uint32_t>(frame.width);
  const auto text = "scale=" + std::to_string(size.width) + ":" + std::to_string(size.height)
                    + ":flags=" + (to_rgb && far_smaller ? "bilinear" : "bicubic");
  if (to_rgb)
    return colours_of(frame.colorspace, frame.format, frame.height) == AVCOL_SPC_BT709
             ? text + ":in_color_matrix=bt709"
             : text;
  if (is_rgb(frame.format))
    return text + ":out_color_matrix=bt709";
  return is_full_range(frame) ? text + ":out_range=tv" : text;
}

bool is_high_dynamic(AVColorTransferCharacteristic transfer) {
  return transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67;
}

bool is_matrix_of_high_dynamic(const AVFrame& frame) {
  switch (frame.colorspace) {
  case AVCOL_SPC_RGB: return is_rgb(frame.format);
  case AVCOL_SPC_BT709:
  case AVCOL_SPC_YCGCO:
  case AVCOL_SPC_BT2020_NCL:
  case AVCOL_SPC_BT2020_CL:
  case AVCOL_SPC_ICTCP: return true;
  default: return is_rgb(frame.format);
  }
}

/// To BT.709 in 8 bits. Paper white, 203 cd/m2 (ITU-R BT.2408), stays near white, and what is
/// brighter is bent below it: `hable` takes the whole range alike and leaves skin in the dark.
std::string tone_map(const video_shape& shape, const AVFrame& frame) {
  std::string in;
  // A container may know what the frames are silent about, and some say what cannot be.
  if (!is_high_dynamic(frame.color_trc))
    in += shape.hybrid_log ? ":tin=arib-std-b67" : ":tin=smpte2084";
  if (known_primaries(frame.color_primaries) == AVCOL_PRI_UNSPECIFIED)
    in += ":pin=bt2020";
  if (!is_matrix_of_high_dynamic(frame))
    in += ":min=bt2020nc";
  return "zscale=t=linear:npl=203" + in
         + ",format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,"
           "zscale=t=bt709:m=bt709:r=tv,format=yuv420p,";
}

std::string turning(const video_shape& shape) {
  std::string text;
  switch (shape.rotation) {
  case 90: text = ",transpose=clock"; break;
  case 180: text = ",hflip,vflip"; break;
  case 270: text = ",transpose=cclock"; break;
  default: break;
  }
  return shape.mirrored ? text + ",hflip" : text;
}

} // namespace

AVColorSpace colours_of(AVColorSpace said, int format, int stored_height) {
  if (said == AVCOL_SPC_RGB || is_rgb(format))
    return AVCOL_SPC_BT709;
  if (known_colours(said) != AVCOL_SPC_UNSPECIFIED)
    return said;
  return stored_height > largest_standard_height ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

result<video_shape> shape_of(const input& file, AVStream& video, const limits& max) {
  const auto& p = *video.codecpar;
  if (p.width <= 0 || p.height <= 0)
    return fail(errc::corrupt_media, "a video stream without a size");
  const auto [rotation, mirrored] = turn_of(video);
  video_shape shape;
  shape.rotation = rotation;
  shape.mirrored = mirrored;
  shape.interlaced = p.field_order > AV_FIELD_PROGRESSIVE;
  shape.high_dynamic = is_high_dynamic(p.color_trc);
  shape.hybrid_log = p.color_trc == AVCOL_TRC_ARIB_STD_B67;
  double width = p.width;
  const auto aspect = file.pixel_aspect(video);
  const double ratio = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
  if (ratio <= max_pixel_aspect && ratio >= 1 / max_pixel_aspect)
    width = std::max(1.0, std::round(width * ratio));
  const double height = p.height;
  if (width > max.max_side || width * height > static_cast<double>(max.max_pixels))
    return fail(errc::too_large, "a picture too large with square pixels");
  shape.shown = {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
  if (shape.sideways())
    std::swap(shape.shown.width, shape.shown.height);
  return shape;
}

extent fit_short_side(extent from, std::uint32_t side) {
  const double ratio = std::min({1.0, static_cast<double>(side) / std::min(from.width, from.height),
                                 longest_side / std::max(from.width, from.height)});
  const auto even = [&](std::uint32_t pixels) {
    const auto halves = static_cast<std::uint32_t>(std::lround(pixels * ratio / 2));
    return std::max(1U, std::min(halves, pixels / 2)) * 2;
  };
  return {even(from.width), even(from.height)};
}

std::string filters_for(const video_shape& shape, extent size, std::string_view format,
                        const AVFrame& frame) {
  const bool to_rgb = format.starts_with("rgb");
  auto stored = size;
  if (shape.sideways())
    std::swap(stored.width, stored.height);
  std::string text;
  if (shape.interlaced || av::is_interlaced(frame))
    text += "bwdif=mode=send_frame:deint=interlaced,";
  if (shape.high_dynamic)
    text += tone_map(shape, frame);
  text += scale(stored, frame, to_rgb);
  text += turning(shape);
  text += ",format=";
  text += format;
  return text + ",setsar=1";
}

} // namespace mediad::media::av
