#include "media/audio_encoder.hpp"
#include "media/av_decoder.hpp"
#include "media/av_facts.hpp"
#include "media/av_graph.hpp"
#include "media/video.hpp"
#include "media/video_encoder.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mediad::media {
namespace {

constexpr auto output_name = "video.mp4";
// Kept for the end, when the index is moved to the front.
constexpr double encoded_fraction = 0.99;

video_encoder::source describe(const av::input& file, const video_shape& shape, extent size) {
  const auto& p = *file.video()->codecpar;
  const double fps = frame_rate_of(file, *file.video());
  if (shape.high_dynamic)
    return {size, fps, AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709};
  return {size, fps, colours_of(p.color_space, p.format, p.height), p.color_primaries, p.color_trc};
}

/// One file on its way through decoders, filters and encoders, packet by packet.
class compression {
public:
  compression(av::input& file, const video_shape& shape, const job_context& context);
  compression(const compression&) = delete; // Its filters point to it.

  result<> open(const std::filesystem::path& output);
  result<> run();
  extent size() const {
    return size_;
  }

private:
  result<> take(const AVPacket& packet);
  result<> take_picture(AVFrame& frame);
  result<> take_sound(const AVFrame& frame);
  result<> drain();
  result<> judge() const;
  result<> check_time(double at_s) const;
  void report(double at_s);
  std::optional<double> time_of(const AVFrame& frame, const AVStream& stream) const;

  av::input& file_;
  const job_context& context_;
  AVStream& video_;
  AVStream* audio_;
  video_shape shape_;
  extent size_;
  av::timeline timeline_;
  av::video_graph graph_;
  std::optional<av::decoder> pictures_;
  std::optional<av::decoder> sounds_;
  std::optional<av::mp4_output> output_;
  std::optional<video_encoder> video_encoder_;
  std::optional<audio_encoder> audio_encoder_;
  double furthest_s_ = 0; ///< The latest end of a packet of any stream.
  double reported_ = 0;
};

compression::compression(av::input& file, const video_shape& shape, const job_context& context)
  : file_{file},
    context_{context},
    video_{*file.video()},
    audio_{file.audio()},
    shape_{shape},
    size_{fit_short_side(shape.shown, context.options.video.max_short_side)},
    timeline_{file},
    graph_{[this](const AVFrame& f) { return filters_for(shape_, size_, "yuv420p", f); },
           video_encoder::base, static_cast<int>(context.options.video.threads)} {}

result<> compression::open(const std::filesystem::path& output) {
  const auto& options = context_.options.video;
  const int threads = static_cast<int>(options.threads);
  auto pictures = av::decoder::open(file_, video_, {.threads = threads});
  if (!pictures)
    return fail(pictures.error());
  pictures_.emplace(std::move(*pictures));
  auto made = av::mp4_output::create(output);
  if (!made)
    return fail(made.error());
  output_.emplace(std::move(*made));
  auto encoder = video_encoder::open(*output_, describe(file_, shape_, size_), options);
  if (!encoder)
    return fail(encoder.error());
  video_encoder_.emplace(std::move(*encoder));
  if (audio_ != nullptr) {
    auto sounds = av::decoder::open(file_, *audio_, {.threads = 1});
    if (!sounds)
      return fail(sounds.error());
    sounds_.emplace(std::move(*sounds));
    auto sound = audio_encoder::open(*output_, audio_->codecpar->sample_rate, options.audio_kbps);
    if (!sound)
      return fail(sound.error());
    audio_encoder_.emplace(std::move(*sound));
  }
  return output_->begin();
}

result<> compression::run() {
  // Where each stream's length is promised, the others need not be read.
  if (file_.promised_s(video_))
    file_.only(&video_, audio_);
  const auto packet = av::make_packet();
  for (;;) {
    const auto more = file_.read(*packet);
    if (!more)
      return fail(more.error());
    if (!*more)
      break;
    timeline_.align(*packet);
    if (auto ok = take(*packet); !ok)
      return ok;
  }
  if (auto ok = drain(); !ok)
    return ok;
  if (auto ok = judge(); !ok)
    return ok;
  if (auto ok = std::move(*output_).commit(); !ok)
    return ok;
  context_.progress(1);
  return {};
}

result<> compression::take(const AVPacket& packet) {
  const auto& stream = file_.stream(static_cast<unsigned>(packet.stream_index));
  if (const auto begin = av::seconds(packet.pts, stream.time_base)) {
    const double length = av::seconds(packet.duration, stream.time_base).value_or(0);
    furthest_s_ = std::max(furthest_s_, *begin + length - file_.start_s());
  }
  if (&stream == &video_)
    return pictures_->feed(packet, [this](AVFrame& f) { return take_picture(f); });
  if (&stream == audio_)
    return sounds_->feed(packet, [this](AVFrame& f) { return take_sound(f); });
  return {};
}

result<> compression::drain() {
  if (auto ok = pictures_->finish([this](AVFrame& f) { return take_picture(f); }); !ok)
    return ok;
  const auto encode = [this](AVFrame& f) {
    return video_encoder_->encode(f);
  };
  if (auto ok = graph_.finish(encode); !ok)
    return ok;
  if (auto ok = video_encoder_->finish(); !ok)
    return ok;
  if (!sounds_)
    return {};
  if (auto ok = sounds_->finish([this](AVFrame& f) { return take_sound(f); }); !ok)
    return ok;
  return audio_encoder_->finish();
}

result<> compression::judge() const {
  if (auto ok = pictures_->tally().verdict(); !ok)
    return ok;
  // A silent stream without a single packet is odd, not damaged.
  if (sounds_ && sounds_->tally().any())
    if (auto ok = sounds_->tally().verdict(); !ok)
      return ok;
  // A header that speaks for the whole file means the longest stream, whichever that is.
  const double promised = file_.promised_s(video_) ? 0 : file_.promised_s().value_or(0);
  if (furthest_s_ + av::tolerated_loss_s(promised) < promised)
    return fail(errc::corrupt_media, "the last packet ends at " + std::to_string(furthest_s_)
                                       + " of " + std::to_string(promised) + " s");
  return {};
}

std::optional<double> compression::time_of(const AVFrame& frame, const AVStream& stream) const {
  const auto at = av::seconds(frame.best_effort_timestamp, stream.time_base);
  if (!at)
    return std::nullopt;
  return *at - file_.start_s();
}

result<> compression::take_picture(AVFrame& frame) {
  const double at_s = pictures_->tally().shown_s();
  if (auto ok = check_time(at_s); !ok)
    return ok;
  // Before the beginning: what an edit list or a cut recording leaves over.
  if (at_s < -0.5 / frame_rate_of(file_, video_))
    return {};
  frame.pts = av::ticks(std::max(0.0, at_s), video_encoder::base);
  frame.pkt_duration = av_rescale_q(frame.pkt_duration, video_.time_base, video_encoder::base);
  auto done = graph_.feed(frame, [this](AVFrame& f) { return video_encoder_->encode(f); });
  report(at_s);
  return done;
}

result<> compression::take_sound(const AVFrame& frame) {
  const auto at_s = time_of(frame, *audio_);
  if (auto ok = check_time(at_s.value_or(0)); !ok)
    return ok;
  // Past the end of the picture it is the sound that goes on.
  report(at_s.value_or(0));
  return audio_encoder_->encode(frame, at_s);
}

result<> compression::check_time(double at_s) const {
  if (at_s > context_.options.limits.max_duration_s)
    return fail(errc::too_large, "it goes on past " + std::to_string(at_s) + " s");
  return {};
}

void compression::report(double at_s) {
  const double length = file_.duration_s().value_or(0);
  const double part = length > 0 ? at_s / length : file_.position();
  const double fraction = encoded_fraction * std::clamp(part, 0.0, 1.0);
  if (fraction <= reported_)
    return;
  reported_ = fraction;
  context_.progress(fraction);
}

} // namespace

result<job_result> video_compress(const job& work, const job_context& context) {
  auto file =
    av::input::open(work.input, work.media_type, context.options.limits, av::analysis::full);
  if (!file)
    return fail(file.error());
  if (file->video() == nullptr)
    return fail(errc::unsupported_media, "no video stream that can be decoded");
  if (auto ok = av::check_index(*file, *file->video()); !ok)
    return fail(ok.error());
  const auto shape = shape_of(*file, *file->video(), context.options.limits);
  if (!shape)
    return fail(shape.error());
  compression running{*file, *shape, context};
  if (auto ok = running.open(std::filesystem::path{work.output_dir} / output_name); !ok)
    return fail(ok.error());
  if (auto ok = running.run(); !ok)
    return fail(ok.error());
  made_file made;
  made.name = output_name;
  made.media_type = "video/mp4";
  made.width = running.size().width;
  made.height = running.size().height;
  job_result done;
  done.files.push_back(std::move(made));
  return done;
}

} // namespace mediad::media
