#include "media/video/motion.hpp"

#include "media/av/filter_graph.hpp"
#include "media/av/releases.hpp"
#include "media/encode/encode.hpp"
#include "media/picture/resize.hpp"
#include "media/video/stills.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mediad::media {
namespace {

constexpr AVRational milliseconds{1, 1'000};
constexpr int pictures_per_second = 10;
constexpr int picture_ms = 1'000 / pictures_per_second;
constexpr std::uint32_t places = 3;
// A shorter video is shown from one place: three would be most of it, out of order.
constexpr double times_as_long = 5;
constexpr int webp_method = 2;

/// An animated WebP in memory, frame by frame.
class motion_writer {
public:
  static result<motion_writer> open(extent size, int quality) {
    const auto* codec = avcodec_find_encoder_by_name("libwebp_anim");
    if (codec == nullptr)
      return fail(errc::internal, "this libavcodec has no libwebp_anim");
    auto encoder = av::make_codec(codec);
    encoder->width = static_cast<int>(size.width);
    encoder->height = static_cast<int>(size.height);
    // libwebp knows only one matrix, and turns RGB into it.
    encoder->pix_fmt = AV_PIX_FMT_BGRA;
    encoder->time_base = milliseconds;
    av::dictionary tuning;
    tuning.set("quality", std::to_string(quality));
    tuning.set("compression_level", std::to_string(webp_method));
    if (const int rc = avcodec_open2(encoder.get(), codec, tuning.address()); rc < 0)
      return fail(av::fail_writing(rc, "opening libwebp_anim"));
    return motion_writer{std::move(encoder)};
  }

  result<> add(AVFrame& frame) {
    frame.pts = frames_++ * picture_ms;
    frame.pict_type = AV_PICTURE_TYPE_NONE;
    return send(&frame);
  }

  /// The whole file.
  result<std::string> finish() {
    if (auto ok = send(nullptr); !ok)
      return fail(ok.error());
    return std::move(bytes_);
  }

  std::int64_t frames() const {
    return frames_;
  }

private:
  explicit motion_writer(av::codec_ptr encoder) : encoder_{std::move(encoder)} {}

  result<> send(const AVFrame* frame) {
    const auto packet = av::make_packet();
    int rc = avcodec_send_frame(encoder_.get(), frame);
    while (rc >= 0 && (rc = avcodec_receive_packet(encoder_.get(), packet.get())) >= 0)
      bytes_.append(reinterpret_cast<const char*>(packet->data),
                    static_cast<std::size_t>(packet->size));
    if (rc != AVERROR(EAGAIN) && rc != AVERROR_EOF)
      return fail(av::fail_writing(rc, "libwebp_anim"));
    return {};
  }

  av::codec_ptr encoder_;
  std::int64_t frames_ = 0;
  std::string bytes_;
};

/// One place of the video, on its way into the file.
class excerpt {
public:
  excerpt(av::input& file, const av::video_shape& shape, extent size, motion_writer& into)
    : start_s_{file.start_s()},
      base_{file.video()->time_base},
      shape_{shape},
      graph_{[this, size](const AVFrame& f) {
               return av::filters_for(shape_, size, "rgb24", f) + ",format=bgra";
             },
             milliseconds, 1},
      into_{into} {
    shape_.interlaced = false; // invisible at this size, and the filter waits for more frames
  }
  excerpt(const excerpt&) = delete; // The filters point to this object.

  /// @param near_s how much earlier it may begin, at a keyframe.
  result<> add(still_reader& reader, double from_s, double length_s, double near_s) {
    const int count = std::max(2, static_cast<int>(length_s * pictures_per_second));
    double begin_s = from_s;
    for (int i = 0; i < count; ++i) {
      const double at_s = begin_s + static_cast<double>(i) / pictures_per_second;
      const auto frame = reader.at(at_s, i == 0 ? near_s : 0);
      if (!frame && i > 0 && frame.error().code == errc::corrupt_media)
        return {}; // its pictures end before its duration does
      if (!frame)
        return fail(frame.error());
      const auto shown = av::seconds((*frame)->best_effort_timestamp, base_);
      if (i == 0 && shown)
        begin_s = std::max(0.0, *shown - start_s_);
      if (auto ok = show(**frame); !ok)
        return ok;
    }
    return {};
  }

private:
  result<> show(AVFrame& frame) {
    auto next = av::share(frame);
    next->pts = ++shown_;
    av::call_progressive(*next);
    return graph_.feed(*next, [this](AVFrame& f) { return into_.add(f); });
  }

  double start_s_;
  AVRational base_;
  av::video_shape shape_;
  av::video_graph graph_;
  motion_writer& into_;
  std::int64_t shown_ = 0;
};

} // namespace

result<> add_motion(av::input& file, const av::video_shape& shape, const job_context& context,
                    job_result& done) {
  const double wanted_s = context.options.video.motion_seconds;
  // The sound may go on for longer.
  const double length_s = file.length_s(*file.video());
  if (wanted_s <= 0 || length_s * pictures_per_second < 2)
    return {};
  const auto size = fit_box(shape.shown, context.options.preview.box);
  auto writer = motion_writer::open(size, context.options.preview.webp_quality);
  if (!writer)
    return fail(writer.error());
  auto reader =
    still_reader::open(file, *file.video(), static_cast<int>(context.options.video.threads));
  if (!reader)
    return fail(reader.error());
  const auto count = length_s >= wanted_s * times_as_long ? places : 1U;
  const double part_s = std::min(wanted_s, length_s) / count;
  const double spacing_s = length_s / count;
  excerpt shown{file, shape, size, *writer};
  for (std::uint32_t i = 0; i < count; ++i) {
    const double from_s = std::max(0.0, spacing_s * (i + 0.5) - part_s / 2);
    if (auto ok = shown.add(*reader, from_s, part_s, count > 1 ? spacing_s / 2 : 0); !ok)
      return ok;
  }
  auto made = write_encoded(writer->finish(), size, context.output / "motion.webp", "image/webp");
  if (!made)
    return fail(made.error());
  done.files.push_back(std::move(*made));
  return {};
}

} // namespace mediad::media
