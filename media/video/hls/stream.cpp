#include "media/video/hls/stream.hpp"

#include "media/av/facts.hpp"
#include "media/av/filter_graph.hpp"
#include "media/av/releases.hpp"
#include "media/encode/encode.hpp"
#include "media/video/hls/playlist.hpp"
#include "media/video/hls/sounds.hpp"
#include "media/video/policy.hpp"
#include "media/video/source.hpp"
#include "media/video/subtitles.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace mediad::media {
namespace {

using av::mp4_output;

constexpr double encoded_fraction = 0.98;

/// One size of the ladder.
struct rung {
  rung(const av::video_shape& from, extent to)
    : shape{from},
      size{to},
      graph{[this](const AVFrame& f) { return av::filters_for(shape, size, "yuv420p", f); },
            video_encoder::base, 0} {}
  rung(const rung&) = delete; // The filters point to this object.

  std::string name() const {
    return "hls-" + std::to_string(std::min(size.width, size.height));
  }

  av::video_shape shape;
  extent size;
  av::video_graph graph;
  std::optional<mp4_output> output;
  std::optional<video_encoder> encoder;
};

/// The whole ladder on its way, packet by packet.
class ladder {
public:
  ladder(av::input& file, const av::video_shape& shape, const job_context& context)
    : file_{file}, shape_{shape}, folder_{context.output}, context_{context}, timeline_{file} {}

  result<> open() {
    const auto& options = context_.options.video;
    auto pictures =
      av::decoder::open(file_, *file_.video(), {.threads = static_cast<int>(options.threads)});
    if (!pictures)
      return fail(pictures.error());
    pictures_.emplace(std::move(*pictures));
    for (const auto side : options.hls_sides)
      if (auto ok = add_rung(side); !ok)
        return ok;
    return sounds_.open(file_, folder_, options);
  }

  result<> run() {
    if (file_.promised_s(*file_.video())) {
      auto needed = sounds_.streams();
      needed.push_back(file_.video());
      file_.only(needed);
    }
    const auto end = file_.each_packet([this](AVPacket& packet) -> result<bool> {
      timeline_.align(packet);
      const auto taken = take(packet);
      return taken ? result<bool>{true} : fail(taken.error());
    });
    return end ? finish() : fail(end.error());
  }

  /// @param words goes into the ladder, too; their files are video_compress()'s.
  result<job_result> describe(const std::vector<subtitle_track>& words) {
    job_result done;
    std::string sound;
    std::uint64_t sound_rate = 0;
    std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    for (const auto& r : sounds_.renditions()) {
      const auto track = publish(r->file, {}, done);
      if (!track)
        return fail(track.error());
      sound_rate = std::max(sound_rate, track->peak_rate());
      text += sound_line(r->name, r->language, r->file + ".m3u8", sound.empty());
      sound = "," + track->codec + "\",AUDIO=\"sound\"";
    }
    const auto captions = add_words(words, text, done);
    if (!captions)
      return fail(captions.error());
    for (const auto& r : rungs_) {
      const auto track = publish(r->name(), r->size, done);
      if (!track)
        return fail(track.error());
      text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(track->peak_rate() + sound_rate)
              + ",AVERAGE-BANDWIDTH=" + std::to_string(track->average_rate() + sound_rate)
              + ",RESOLUTION=" + std::to_string(r->size.width) + "x"
              + std::to_string(r->size.height) + ",CODECS=\"" + track->codec
              + (sound.empty() ? "\"" : sound) + *captions + "\n" + r->name() + ".m3u8\n";
    }
    if (auto ok = add_playlist("hls.m3u8", text, done); !ok)
      return fail(ok.error());
    return done;
  }

private:
  result<> add_rung(std::uint32_t side) {
    const auto size = av::fit_short_side(shape_.shown, side);
    if (!rungs_.empty() && rungs_.back()->size == size)
      return {}; // the source has no more pixels than that
    auto made = std::make_unique<rung>(shape_, size);
    auto output = mp4_output::create(folder_ / (made->name() + ".mp4"));
    if (!output)
      return fail(output.error());
    made->output.emplace(std::move(*output));
    auto source = source_for(file_, shape_, size, context_.options.video);
    source.max_kbps = kbps_of_rung(side, source.max_kbps);
    source.regular_keyframes = true;
    auto encoder =
      video_encoder::open(*made->output, source, {video_codec::h264, context_.options.video.crf},
                          context_.options.video);
    if (!encoder)
      return fail(encoder.error());
    made->encoder.emplace(std::move(*encoder));
    if (auto ok = made->output->begin_fragments(); !ok)
      return ok;
    rungs_.push_back(std::move(made));
    return {};
  }

  result<> take(const AVPacket& packet) {
    const auto& stream = file_.stream(static_cast<unsigned>(packet.stream_index));
    if (const auto begin = av::seconds(packet.pts, stream.time_base)) {
      const double length = av::seconds(packet.duration, stream.time_base).value_or(0);
      furthest_s_ = std::max(furthest_s_, *begin + length - file_.start_s());
    }
    if (packet.stream_index == file_.video()->index)
      return pictures_->feed(packet, [this](AVFrame& f) { return take_picture(f); });
    return sounds_.take(packet, [this](double at_s) { return check_time(at_s); });
  }

  result<> take_picture(AVFrame& frame) {
    const double at_s = pictures_->tally().shown_s();
    if (auto ok = check_time(at_s); !ok)
      return ok;
    if (at_s < -0.5 / av::frame_rate_of(file_, *file_.video()))
      return {};
    frame.pts = av::ticks(std::max(0.0, at_s), video_encoder::base);
    auto& duration = av::duration_of(frame);
    duration = av_rescale_q(duration, file_.video()->time_base, video_encoder::base);
    for (auto& r : rungs_)
      if (auto ok = r->graph.feed(frame, [&](AVFrame& f) { return r->encoder->encode(f); }); !ok)
        return ok;
    const double length = file_.duration_s().value_or(0);
    context_.progress(encoded_fraction
                      * std::clamp(length > 0 ? at_s / length : file_.position(), 0.0, 1.0));
    return {};
  }

  result<> finish() {
    if (auto ok = pictures_->finish([this](AVFrame& f) { return take_picture(f); }); !ok)
      return ok;
    for (auto& r : rungs_) {
      if (auto ok = r->graph.finish([&](AVFrame& f) { return r->encoder->encode(f); }); !ok)
        return ok;
      if (auto ok = r->encoder->finish(); !ok)
        return ok;
    }
    if (auto ok = sounds_.finish(); !ok)
      return ok;
    if (auto ok = check_outcome(); !ok)
      return ok;
    for (auto& r : rungs_)
      if (auto ok = std::move(*r->output).commit(); !ok)
        return ok;
    return sounds_.commit();
  }

  result<> check_outcome() const {
    if (auto ok = pictures_->tally().verdict(); !ok)
      return ok;
    // A header that speaks for the whole file means the longest stream, whichever that is.
    const double promised = file_.promised_s(*file_.video()) ? 0 : file_.promised_s().value_or(0);
    if (furthest_s_ + av::tolerated_loss_s(promised) < promised)
      return fail(errc::corrupt_media, "the last packet ends at " + std::to_string(furthest_s_)
                                         + " of " + std::to_string(promised) + " s");
    return {};
  }

  result<> check_time(double at_s) const {
    if (at_s > context_.options.limits.max_duration_s)
      return fail(errc::too_large, "it goes on past " + std::to_string(at_s) + " s");
    return {};
  }

  result<hls_track> publish(const std::string& name, extent size, job_result& done) {
    auto track = read_track(folder_ / (name + ".mp4"), pictures_->tally().decoded_s());
    if (!track)
      return track;
    made_file made;
    made.name = track->file;
    made.media_type = size == extent{} ? "audio/mp4" : "video/mp4";
    made.width = size.width;
    made.height = size.height;
    done.files.push_back(std::move(made));
    if (auto ok = add_playlist(name + ".m3u8", playlist_of(*track), done); !ok)
      return fail(ok.error());
    return track;
  }

  /// @returns what a rung says of them.
  result<std::string> add_words(const std::vector<subtitle_track>& words, std::string& master,
                                job_result& done) {
    std::string said;
    for (const auto& track : words) {
      if (track.file.empty())
        continue;
      const auto playlist = "hls-" + std::filesystem::path{track.file}.stem().string() + ".m3u8";
      const auto text = playlist_of_subtitles(track.file, pictures_->tally().decoded_s());
      if (auto ok = add_playlist(playlist, text, done); !ok)
        return fail(ok.error());
      master += subtitles_line(track.title, track.language, playlist);
      said = ",SUBTITLES=\"words\"";
    }
    return said;
  }

  result<> add_playlist(const std::string& name, const std::string& text, job_result& done) {
    if (auto ok = write_file(folder_ / name, text); !ok)
      return ok;
    made_file made;
    made.name = name;
    made.media_type = "application/vnd.apple.mpegurl";
    done.files.push_back(std::move(made));
    return {};
  }

  av::input& file_;
  av::video_shape shape_;
  opened_folder folder_;
  const job_context& context_;
  av::timeline timeline_;
  std::optional<av::decoder> pictures_;
  std::vector<std::unique_ptr<rung>> rungs_;
  ladder_sounds sounds_;
  double furthest_s_ = 0; ///< The latest end of a packet of any stream.
};

} // namespace

result<job_result> video_stream(const job& work, const job_context& context) {
  if (!context.options.video.hls)
    return job_result{};
  auto source = open_video(work, context);
  if (!source)
    return fail(source.error());
  ladder running{source->file, source->shape, context};
  if (auto ok = running.open(); !ok)
    return fail(ok.error());
  if (auto ok = running.run(); !ok)
    return fail(ok.error());
  const auto words = read_subtitles(work, context);
  if (!words)
    return fail(words.error());
  auto done = running.describe(*words);
  if (done)
    context.progress(1);
  return done;
}

} // namespace mediad::media
