#include "media/audio/preview.hpp"

#include "media/audio/cover.hpp"
#include "media/audio/resampler.hpp"
#include "media/audio/sound.hpp"
#include "media/audio/waveform.hpp"
#include "media/av/facts.hpp"
#include "media/encode/preview.hpp"
#include "media/facts/file_facts.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

result<> measure(const AVFrame& frame, audio_resampler& resampler, waveform& wave, int channels) {
  if (auto ok = resampler.convert(frame); !ok)
    return ok;
  wave.add(resampler.plane(0), channels == 2 ? resampler.plane(1) : std::span<const float>{});
  return {};
}

/// Decodes all of it. @returns its length in seconds.
result<double> listen(av::input& file, waveform& wave, const job_context& context) {
  const auto& audio = *file.audio();
  file.only(&audio);
  auto decoder = av::decoder::open(file, audio, {.threads = 1});
  if (!decoder)
    return fail(decoder.error());
  const int channels = audio.codecpar->ch_layout.nb_channels > 1 ? 2 : 1;
  audio_resampler resampler{0, channels};
  const auto sink = [&](AVFrame& frame) {
    return measure(frame, resampler, wave, channels);
  };
  if (auto ok = decode_sound(file, *decoder, sink, context); !ok)
    return fail(ok.error());
  return decoder->tally().decoded_s();
}

std::string facts_of(const av::input& file, double length_s, const job_context& context) {
  facts found{av::audio_facts(file, *file.audio(), length_s)};
  add_file_facts(found, av::origin_of(file), context.options.facts);
  return std::move(found).text();
}

} // namespace

result<job_result> audio_preview(const job& work, const job_context& context) {
  auto file = open_sound(work, context);
  if (!file)
    return fail(file.error());
  if (const auto cover = cover_of(*file, context.options.preview.box, context.options.limits)) {
    // What decoding the sound finds out has to wait for the renditions.
    auto shown = write_preview(*cover, context);
    if (shown)
      shown->media = facts_of(*file, file->duration_s().value_or(0), context);
    return shown;
  }
  waveform wave;
  const auto length = listen(*file, wave, context);
  if (!length)
    return fail(length.error());
  auto done = write_preview(wave.draw(), context);
  if (!done)
    return done;
  done->media = facts_of(*file, *length, context);
  context.progress(1);
  return done;
}

} // namespace mediad::media
