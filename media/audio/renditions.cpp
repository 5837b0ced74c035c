#include "media/audio/renditions.hpp"

#include "media/audio/encoder.hpp"
#include "media/audio/loudness.hpp"
#include "media/audio/sound.hpp"
#include "media/audio/waveform.hpp"
#include "media/av/facts.hpp"
#include "media/encode/encode.hpp"
#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::size_t points =
  1'000; // A waveform of so many points is wider than most screens draw it.

made_file describe(const std::string& name, const std::string& media_type) {
  made_file file;
  file.name = name;
  file.media_type = media_type;
  return file;
}

/// One sound on its way to everything that is made of it; decoded once.
class listening {
public:
  listening(av::input& file, const job_context& context)
    : file_{file},
      context_{context},
      channels_{file.audio()->codecpar->ch_layout.nb_channels > 1 ? 2 : 1},
      resampler_{loudness_meter::rate, channels_} {}

  result<> open(const opened_folder& folder) {
    const auto& options = context_.options.audio;
    const bool opus = options.format == "opus";
    made_ = opus ? describe("audio.webm", "audio/webm") : describe("audio.m4a", "audio/mp4");
    auto output = av::mp4_output::create(folder / made_.name, opus ? "webm" : "mp4");
    if (!output)
      return fail(output.error());
    output_.emplace(std::move(*output));
    const auto rate = file_.audio()->codecpar->sample_rate;
    auto encoder = opus ? audio_encoder::open_opus(*output_, options.kbps)
                        : audio_encoder::open(*output_, rate, options.kbps);
    if (!encoder)
      return fail(encoder.error());
    encoder_.emplace(std::move(*encoder));
    auto meter = loudness_meter::open(channels_);
    if (!meter)
      return fail(meter.error());
    meter_.emplace(std::move(*meter));
    auto decoder = av::decoder::open(file_, *file_.audio(), {.threads = 1});
    if (!decoder)
      return fail(decoder.error());
    decoder_.emplace(std::move(*decoder));
    file_.only(file_.audio());
    return output_->begin();
  }

  result<> run() {
    const auto hear = [this](AVFrame& frame) {
      return take(frame);
    };
    if (auto ok = decode_sound(file_, *decoder_, hear, context_); !ok)
      return ok;
    if (auto ok = encoder_->finish(); !ok)
      return ok;
    return std::move(*output_).commit();
  }

  const made_file& made() const {
    return made_;
  }
  const waveform& wave() const {
    return wave_;
  }

  std::string facts() const {
    const double decoded_s = decoder_->tally().decoded_s();
    const auto length = av::audio_length_of(file_, *file_.audio(), decoded_s);
    media::facts found;
    if (length.bit_rate > 0)
      found.add("bit_rate", length.bit_rate);
    found.add("duration", length.duration_s);
    if (const auto heard = meter_->read()) {
      media::facts loudness;
      loudness.add("integrated", heard->integrated_lufs);
      loudness.add("range", heard->range_lu);
      loudness.add("true_peak", heard->true_peak_dbtp);
      found.add("loudness", loudness);
    }
    return std::move(found).text();
  }

private:
  result<> take(const AVFrame& frame) {
    auto at_s = av::seconds(frame.best_effort_timestamp, file_.audio()->time_base);
    if (at_s)
      *at_s -= file_.start_s();
    if (auto ok = encoder_->encode(frame, at_s); !ok)
      return ok;
    if (auto ok = resampler_.convert(frame); !ok)
      return ok;
    const auto right = channels_ == 2 ? resampler_.plane(1) : std::span<const float>{};
    wave_.add(resampler_.plane(0), right);
    return meter_->add(resampler_.plane(0), right);
  }

  av::input& file_;
  const job_context& context_;
  int channels_;
  audio_resampler resampler_;
  waveform wave_;
  made_file made_;
  std::optional<av::mp4_output> output_;
  std::optional<audio_encoder> encoder_;
  std::optional<loudness_meter> meter_;
  std::optional<av::decoder> decoder_;
};

/// Peaks and loudness (root mean square) in stretches of equal length, thousandths of full scale.
std::string describe(const waveform& wave) {
  auto peaks = nlohmann::json::array();
  auto levels = nlohmann::json::array();
  for (const auto& bar : wave.bars(points)) {
    peaks.push_back(std::lround(bar.peak * 1000));
    levels.push_back(std::lround(bar.rms * 1000));
  }
  return nlohmann::json{{"version", 1}, {"scale", 1000}, {"peaks", peaks}, {"rms", levels}}.dump();
}

} // namespace

result<job_result> audio_renditions(const job& work, const job_context& context) {
  auto file = open_sound(work, context);
  if (!file)
    return fail(file.error());
  const auto folder = context.output;
  listening sound{*file, context};
  if (auto ok = sound.open(folder); !ok)
    return fail(ok.error());
  if (auto ok = sound.run(); !ok)
    return fail(ok.error());
  job_result done;
  done.media = sound.facts();
  done.files.push_back(sound.made());
  if (auto ok = write_file(folder / "waveform.json", describe(sound.wave())); !ok)
    return fail(ok.error());
  done.files.push_back(describe("waveform.json", "application/json"));
  auto drawn = write_webp(sound.wave().draw(), folder / "waveform.webp",
                          context.options.preview.webp_quality, context.options.image.webp_method);
  if (!drawn)
    return fail(drawn.error());
  done.files.push_back(std::move(*drawn));
  context.progress(1);
  return done;
}

} // namespace mediad::media
