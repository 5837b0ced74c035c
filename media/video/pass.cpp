#include "media/video/pass.hpp"

#include "media/av/facts.hpp"
#include "media/av/releases.hpp"
#include "media/video/policy.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

// Kept for the end, when the index is moved to the front.
constexpr double encoded_fraction = 0.99;
constexpr double min_excess = 1.1; // Applies to files of unknown length, too.

} // namespace

video_pass::video_pass(av::input& file, const av::video_shape& shape, const video_target& to,
                       const job_context& context)
  : file_{file},
    context_{context},
    video_{*file.video()},
    audio_{file.audio()},
    shape_{shape},
    to_{to},
    size_{av::fit_short_side(shape.shown, context.options.video.max_short_side)},
    timeline_{file},
    graph_{[this](const AVFrame& f) { return av::filters_for(shape_, size_, "yuv420p", f); },
           video_encoder::base, static_cast<int>(context.options.video.threads)} {}

result<> video_pass::open(const folder_entry& output, double max_bytes) {
  const auto& options = context_.options.video;
  const int threads = static_cast<int>(options.threads);
  auto pictures = av::decoder::open(file_, video_, {.threads = threads});
  if (!pictures)
    return fail(pictures.error());
  pictures_.emplace(std::move(*pictures));
  auto made = av::mp4_output::create(output, to_.codec == video_codec::av1 ? "webm" : "mp4");
  if (!made)
    return fail(made.error());
  output_.emplace(std::move(*made));
  auto source = source_for(file_, shape_, size_, options);
  // Its size is held by choosing the quality: with threads, x264's own limit makes every run
  // differ.
  source.max_kbps = 0;
  source.max_bytes = max_bytes;
  auto encoder = video_encoder::open(*output_, source, to_, options);
  if (!encoder)
    return fail(encoder.error());
  video_encoder_.emplace(std::move(*encoder));
  if (audio_ != nullptr) {
    auto sound = audio_track::open(file_, *audio_, *output_, options, to_.codec);
    if (!sound)
      return fail(sound.error());
    sound_.emplace(std::move(*sound));
  }
  return output_->begin();
}

result<> video_pass::run() {
  // If the header promises the length of each stream, the others need not be read.
  if (file_.promised_s(video_))
    file_.only(&video_, audio_);
  const auto end = file_.each_packet([this](AVPacket& packet) -> result<bool> {
    timeline_.align(packet);
    if (auto ok = take(packet); !ok)
      return fail(ok.error());
    return excess() <= 1;
  });
  if (!end || !*end)
    return end ? result<>{} : fail(end.error());
  if (auto ok = drain(); !ok)
    return ok;
  if (auto ok = check_outcome(); !ok)
    return ok;
  if (excess() > 1)
    return {};
  if (auto ok = std::move(*output_).commit(); !ok)
    return ok;
  context_.progress(1);
  return {};
}

result<> video_pass::take(const AVPacket& packet) {
  const auto& stream = file_.stream(static_cast<unsigned>(packet.stream_index));
  if (const auto begin = av::seconds(packet.pts, stream.time_base)) {
    const double length = av::seconds(packet.duration, stream.time_base).value_or(0);
    furthest_s_ = std::max(furthest_s_, *begin + length - file_.start_s());
  }
  if (&stream == &video_)
    return pictures_->feed(packet, [this](AVFrame& f) { return take_picture(f); });
  if (&stream == audio_)
    return sound_->take(packet, [this](double at_s) {
      report(at_s); // past the end of the picture it is the sound that goes on
      return check_time(at_s);
    });
  return {};
}

result<> video_pass::drain() {
  if (auto ok = pictures_->finish([this](AVFrame& f) { return take_picture(f); }); !ok)
    return ok;
  const auto encode = [this](AVFrame& f) {
    return video_encoder_->encode(f);
  };
  if (auto ok = graph_.finish(encode); !ok)
    return ok;
  if (auto ok = video_encoder_->finish(); !ok)
    return ok;
  return sound_ ? sound_->finish() : result<>{};
}

result<> video_pass::check_outcome() const {
  if (auto ok = pictures_->tally().verdict(); !ok)
    return ok;
  if (sound_)
    if (auto ok = sound_->verdict(); !ok)
      return ok;
  // A header that speaks for the whole file means the longest stream, whichever that is.
  const double promised = file_.promised_s(video_) ? 0 : file_.promised_s().value_or(0);
  if (furthest_s_ + av::tolerated_loss_s(promised) < promised)
    return fail(errc::corrupt_media, "the last packet ends at " + std::to_string(furthest_s_)
                                       + " of " + std::to_string(promised) + " s");
  return {};
}

result<> video_pass::take_picture(AVFrame& frame) {
  const double at_s = pictures_->tally().shown_s();
  if (auto ok = check_time(at_s); !ok)
    return ok;
  // Before the beginning: what an edit list or a cut recording leaves over.
  if (at_s < -0.5 / av::frame_rate_of(file_, video_))
    return {};
  frame.pts = av::ticks(std::max(0.0, at_s), video_encoder::base);
  auto& duration = av::duration_of(frame);
  duration = av_rescale_q(duration, video_.time_base, video_encoder::base);
  auto done = graph_.feed(frame, [this](AVFrame& f) { return video_encoder_->encode(f); });
  report(at_s);
  return done;
}

double video_pass::excess() const {
  const auto full_s = video_encoder_->full_s();
  if (!full_s)
    return 1;
  const double length = file_.duration_s().value_or(0);
  return std::max(min_excess, length / std::max(*full_s, 0.001));
}

result<> video_pass::check_time(double at_s) const {
  if (at_s > context_.options.limits.max_duration_s)
    return fail(errc::too_large, "it goes on past " + std::to_string(at_s) + " s");
  return {};
}

void video_pass::report(double at_s) {
  const double length = file_.duration_s().value_or(0);
  const double part = length > 0 ? at_s / length : file_.position();
  const double fraction = encoded_fraction * std::clamp(part, 0.0, 1.0);
  if (fraction <= reported_)
    return;
  reported_ = fraction;
  context_.progress(fraction);
}

} // namespace mediad::media
