#include "media/av/frame_picture.hpp"

#include "media/av/filter_graph.hpp"

#include <algorithm>
#include <cmath>

namespace mediad::media::av {

result<picture> to_picture(const AVFrame& frame, const video_shape& shape, extent size) {
  video_graph graph{
    [&](const AVFrame& f) { return filters_for(shape, size, "rgb24", f); }, {1, AV_TIME_BASE}, 1};
  picture made;
  const auto copy = [&](AVFrame& out) -> result<> {
    made =
      picture{static_cast<std::uint32_t>(out.width), static_cast<std::uint32_t>(out.height), 3};
    const auto bytes = static_cast<int>(made.stride());
    av_image_copy_plane(made.pixels.data(), bytes, out.data[0], out.linesize[0], bytes, out.height);
    return {};
  };
  auto still = share(frame);
  still->pts = 0;
  if (auto ok = graph.feed(*still, copy); !ok)
    return fail(ok.error());
  if (auto ok = graph.finish(copy); !ok)
    return fail(ok.error());
  if (made.pixels.empty())
    return fail(errc::internal, "the filters gave no picture");
  return made;
}

double contrast(const AVFrame& frame) {
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (format == nullptr || frame.data[0] == nullptr
      || (format->flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM)) != 0)
    return 0;
  const auto& luma = format->comp[0]; // In RGB this is red, which is near enough.
  const bool wide = luma.depth > 8;
  const bool big_endian = (format->flags & AV_PIX_FMT_FLAG_BE) != 0;
  double sum = 0;
  double squares = 0;
  int count = 0;
  for (int y = 0; y < frame.height; y += std::max(1, frame.height / 64))
    for (int x = 0; x < frame.width; x += std::max(1, frame.width / 64)) {
      const auto* at = frame.data[luma.plane] + std::ptrdiff_t{y} * frame.linesize[luma.plane]
                       + std::ptrdiff_t{x} * luma.step + luma.offset;
      const int bits = !wide ? at[0] : big_endian ? at[0] << 8 | at[1] : at[1] << 8 | at[0];
      const double value = wide ? std::ldexp(bits >> luma.shift, 8 - luma.depth) : bits;
      sum += value;
      squares += value * value;
      ++count;
    }
  const double mean = sum / count;
  return std::sqrt(std::max(0.0, squares / count - mean * mean));
}

} // namespace mediad::media::av
