#include "media/video/copy.hpp"

#include "media/av/stream_copy.hpp"
#include "media/video/sound_track.hpp"

#include <algorithm>
#include <optional>

namespace mediad::media {
namespace {

// Kept for the end, when the index is moved to the front.
constexpr double copied_fraction = 0.6;
// The most that a sample can take in an index (ISO/IEC 14496-12, 8.6 and 8.7): its duration,
// offset, size, chunk and, of a picture, its place in the order and whether it is a keyframe.
constexpr std::int64_t picture_index_bytes = 44;
constexpr std::int64_t sound_index_bytes = 32;
constexpr std::int64_t index_head_bytes = 16 * 1024;
// The part of the file that the room for its index may take: one in so many.
constexpr std::int64_t largest_room_share = 200;

/// How many samples the file's own index says that there are; 0: it has none.
std::int64_t samples_of(AVStream& stream) {
  const auto listed = std::int64_t{avformat_index_get_entries_count(&stream)};
  return stream.nb_frames > 0 ? std::max(stream.nb_frames, listed) : 0;
}

/// What to leave for the index, so that it need not be moved in front of the samples later: with
/// large files that is half of the work. 0: nothing is known, or it would be too much.
std::int64_t room_for_index(const av::input& file, video_method method) {
  const auto pictures = samples_of(*file.video());
  const auto sounds = file.audio() == nullptr ? 0 : samples_of(*file.audio());
  if (method != video_method::remux || pictures == 0 || (file.audio() != nullptr && sounds == 0))
    return 0;
  const auto bytes = index_head_bytes + pictures * picture_index_bytes + sounds * sound_index_bytes;
  return bytes <= file.size() / largest_room_share ? bytes : 0;
}

/// One file on its way into another, packet by packet.
class copying {
public:
  copying(av::input& file, video_method method, const job_context& context)
    : file_{file}, method_{method}, context_{context}, timeline_{file} {}

  result<> open(const folder_entry& output) {
    auto made = av::mp4_output::create(output);
    if (!made)
      return fail(made.error());
    output_.emplace(std::move(*made));
    auto picture = av::stream_copy::open(*output_, file_, *file_.video());
    if (!picture)
      return fail(picture.error());
    picture_.emplace(std::move(*picture));
    if (file_.audio() != nullptr)
      if (auto ok = open_sound(); !ok)
        return ok;
    const auto room = room_for_index(file_, method_);
    return room > 0 ? output_->begin_with_room(room) : output_->begin();
  }

  result<bool> run() {
    const auto packet = av::make_packet();
    for (;;) {
      const auto more = file_.read(*packet);
      if (!more || !*more)
        return more ? finish() : result<bool>{fail(more.error())};
      timeline_.align(*packet);
      const auto fits = take(*packet);
      if (!fits || !*fits)
        return fits;
      if (auto ok = check_time(picture_->end_s()); !ok)
        return fail(ok.error());
      context_.progress(copied_fraction * file_.position());
    }
  }

private:
  result<> open_sound() {
    if (method_ == video_method::audio) {
      auto track = audio_track::open(file_, *file_.audio(), *output_, context_.options.video,
                                     video_codec::h264);
      if (!track)
        return fail(track.error());
      encoded_sound_.emplace(std::move(*track));
      return {};
    }
    auto sound = av::stream_copy::open(*output_, file_, *file_.audio());
    if (!sound)
      return fail(sound.error());
    copied_sound_.emplace(std::move(*sound));
    return {};
  }

  result<bool> take(AVPacket& packet) {
    if (packet.stream_index == file_.video()->index)
      return picture_->take(packet);
    if (file_.audio() == nullptr || packet.stream_index != file_.audio()->index)
      return true;
    if (copied_sound_)
      return copied_sound_->take(packet);
    const auto taken =
      encoded_sound_->take(packet, [this](double at_s) { return check_time(at_s); });
    return taken ? result<bool>{true} : result<bool>{fail(taken.error())};
  }

  result<bool> finish() {
    double end_s = picture_->end_s();
    bool whole = picture_->is_whole();
    if (copied_sound_) {
      end_s = std::max(end_s, copied_sound_->end_s());
      whole = whole && copied_sound_->is_whole();
    }
    if (encoded_sound_) {
      if (auto ok = encoded_sound_->finish(); !ok)
        return fail(ok.error());
      whole = whole && encoded_sound_->verdict();
    }
    // A header that speaks for the whole file means the longest stream, whichever that is.
    const double promised = file_.promised_s(*file_.video()) ? 0 : file_.promised_s().value_or(0);
    if (!whole || end_s + av::tolerated_loss_s(promised) < promised)
      return false;
    if (auto ok = std::move(*output_).commit(); !ok)
      return ok.error().code == errc::too_large ? result<bool>{false} : fail(ok.error());
    return true;
  }

  result<> check_time(double at_s) const {
    if (at_s > context_.options.limits.max_duration_s)
      return fail(errc::too_large, "it goes on past " + std::to_string(at_s) + " s");
    return {};
  }

  av::input& file_;
  video_method method_;
  const job_context& context_;
  av::timeline timeline_;
  std::optional<av::mp4_output> output_;
  std::optional<av::stream_copy> picture_;
  std::optional<av::stream_copy> copied_sound_;
  std::optional<audio_track> encoded_sound_;
};

} // namespace

result<bool> copy_video(av::input& file, video_method method, const folder_entry& output,
                        const job_context& context) {
  if (file.promised_s(*file.video()))
    file.only(file.video(), file.audio());
  copying running{file, method, context};
  if (auto ok = running.open(output); !ok)
    return fail(ok.error());
  return running.run();
}

} // namespace mediad::media
