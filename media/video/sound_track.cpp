#include "media/video/sound_track.hpp"

#include <utility>

namespace mediad::media {

audio_track::audio_track(const av::input& file, const AVStream& from, av::decoder decoder,
                         audio_encoder encoder)
  : file_{&file}, from_{&from}, decoder_{std::move(decoder)}, encoder_{std::move(encoder)} {}

result<audio_track> audio_track::open(const av::input& file, const AVStream& from,
                                      av::mp4_output& into, const video_options& options,
                                      video_codec beside) {
  auto decoder = av::decoder::open(file, from, {.threads = 1});
  if (!decoder)
    return fail(decoder.error());
  auto encoder = beside == video_codec::av1
                   ? audio_encoder::open_opus(into, options.audio_kbps)
                   : audio_encoder::open(into, from.codecpar->sample_rate, options.audio_kbps);
  if (!encoder)
    return fail(encoder.error());
  return audio_track{file, from, std::move(*decoder), std::move(*encoder)};
}

result<> audio_track::take(const AVPacket& packet, const std::function<result<>(double)>& heard) {
  return decoder_.feed(packet, [&](AVFrame& f) { return encode(f, heard); });
}

result<> audio_track::encode(const AVFrame& frame, const std::function<result<>(double)>& heard) {
  auto at_s = av::seconds(frame.best_effort_timestamp, from_->time_base);
  if (at_s)
    *at_s -= file_->start_s();
  if (auto ok = heard(at_s.value_or(0)); !ok)
    return ok;
  return encoder_.encode(frame, at_s);
}

result<> audio_track::finish() {
  const auto no_listener = [](double) -> result<> {
    return {};
  };
  if (auto ok = decoder_.finish([&](AVFrame& f) { return encode(f, no_listener); }); !ok)
    return ok;
  return encoder_.finish();
}

result<> audio_track::verdict() const {
  // A silent stream without a single packet is odd, not damaged.
  return any() ? decoder_.tally().verdict() : result<>{};
}

} // namespace mediad::media
