#include "media/audio_track.hpp"
#include "media/av_facts.hpp"
#include "media/av_graph.hpp"
#include "media/video.hpp"
#include "media/video_copy.hpp"
#include "media/video_encoder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mediad::media {
namespace {

constexpr auto output_name = "video.mp4";
// Kept for the end, when the index is moved to the front.
constexpr double encoded_fraction = 0.99;

/// One file on its way through decoders, filters and encoders, packet by packet.
class compression {
public:
  compression(av::input& file, const video_shape& shape, bool capped, const job_context& context);
  compression(const compression&) = delete; // Its filters point to it.

  result<> open(const std::filesystem::path& output);
  result<> run();
  extent size() const {
    return size_;
  }

private:
  result<> take(const AVPacket& packet);
  result<> take_picture(AVFrame& frame);
  result<> drain();
  result<> judge() const;
  result<> check_time(double at_s) const;
  void report(double at_s);

  av::input& file_;
  const job_context& context_;
  AVStream& video_;
  AVStream* audio_;
  video_shape shape_;
  bool capped_; ///< To the bit rate that the policy allows, at the price of repeatability.
  extent size_;
  av::timeline timeline_;
  av::video_graph graph_;
  std::optional<av::decoder> pictures_;
  std::optional<av::mp4_output> output_;
  std::optional<video_encoder> video_encoder_;
  std::optional<audio_track> sound_;
  double furthest_s_ = 0; ///< The latest end of a packet of any stream.
  double reported_ = 0;
};

compression::compression(av::input& file, const video_shape& shape, bool capped,
                         const job_context& context)
  : file_{file},
    context_{context},
    video_{*file.video()},
    audio_{file.audio()},
    shape_{shape},
    capped_{capped},
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
  auto source = source_for(file_, shape_, size_, options);
  if (!capped_)
    source.max_kbps = 0;
  auto encoder = video_encoder::open(*output_, source, options);
  if (!encoder)
    return fail(encoder.error());
  video_encoder_.emplace(std::move(*encoder));
  if (audio_ != nullptr) {
    auto sound = audio_track::open(file_, *output_, options);
    if (!sound)
      return fail(sound.error());
    sound_.emplace(std::move(*sound));
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
    return sound_->take(packet, [this](double at_s) {
      report(at_s); // past the end of the picture it is the sound that goes on
      return check_time(at_s);
    });
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
  return sound_ ? sound_->finish() : result<>{};
}

result<> compression::judge() const {
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

result<av::input> open_whole(const job& work, const job_context& context) {
  auto file =
    av::input::open(work.input, work.media_type, context.options.limits, av::analysis::full);
  if (!file)
    return file;
  if (file->video() == nullptr)
    return fail(errc::unsupported_media, "no video stream that can be decoded");
  if (auto ok = av::check_index(*file, *file->video()); !ok)
    return fail(ok.error());
  return file;
}

job_result describe(extent size, video_method method) {
  made_file made;
  made.name = output_name;
  made.media_type = "video/mp4";
  made.width = size.width;
  made.height = size.height;
  job_result done;
  done.files.push_back(std::move(made));
  done.media = nlohmann::json{{"compressed", {{"method", to_string(method)}}}}.dump();
  return done;
}

result<job_result> encode_video(const job& work, const std::filesystem::path& output, bool capped,
                                const job_context& context) {
  auto file = open_whole(work, context);
  if (!file)
    return fail(file.error());
  const auto shape = shape_of(*file, *file->video(), context.options.limits);
  if (!shape)
    return fail(shape.error());
  compression running{*file, *shape, capped, context};
  if (auto ok = running.open(output); !ok)
    return fail(ok.error());
  if (auto ok = running.run(); !ok)
    return fail(ok.error());
  return describe(running.size(), video_method::encode);
}

/// What is known before anything is encoded.
struct attempt {
  video_method method = video_method::encode; ///< Any other: it is done.
  extent size;
  double growth = 1; ///< That is tolerated.
};

result<attempt> try_copy(const job& work, const std::filesystem::path& output,
                         const job_context& context) {
  auto file = open_whole(work, context);
  if (!file)
    return fail(file.error());
  const auto shape = shape_of(*file, *file->video(), context.options.limits);
  if (!shape)
    return fail(shape.error());
  attempt tried{video_method::encode, shape->shown, tolerated_growth(*file->video())};
  const auto method = method_for(*file, *file->video(), *shape, context.options.video);
  if (method == video_method::encode)
    return tried;
  const auto copied = copy_video(*file, method, output, context);
  if (!copied)
    return fail(copied.error());
  if (*copied)
    tried.method = method;
  return tried;
}

/// Whether the encoder made more of the source than there was in it.
bool is_bloated(const job& work, const std::filesystem::path& output, double growth) {
  std::error_code failed;
  const auto made = std::filesystem::file_size(output, failed);
  const auto source = std::filesystem::file_size(work.input, failed);
  return !failed && static_cast<double>(made) > growth * static_cast<double>(source);
}

} // namespace

result<job_result> video_compress(const job& work, const job_context& context) {
  const auto output = std::filesystem::path{work.output_dir} / output_name;
  const auto tried = try_copy(work, output, context);
  if (!tried)
    return fail(tried.error());
  if (tried->method != video_method::encode)
    return describe(tried->size, tried->method);
  auto done = encode_video(work, output, false, context);
  if (!done || !is_bloated(work, output, tried->growth))
    return done;
  const job_context unheard{context.options, [](double) {
                            }}; // progress never falls
  return encode_video(work, output, true, unheard);
}

} // namespace mediad::media
