#include "media/video/stills.hpp"

#include "media/av/frame_picture.hpp"

#include <algorithm>
#include <vector>

namespace mediad::media {
namespace {

// Measured on clips with titles, fades and night scenes: pictures worth showing lie above the
// first, single colours below the second.
constexpr double good_contrast = 25;
constexpr double plain_contrast = 6;

constexpr int places = 5;
constexpr int keyframe_search_packets = 2'000;
// Ten seconds at 30 frames/s: the longest distance between keyframes that encoders choose.
constexpr int forward_search_frames = 300;
constexpr int forward_search_packets = 3'000;
constexpr int forward_search_step = 5;
constexpr int still_search_packets = 6'000;
// Without an index a seek ends anywhere, often behind the keyframe that is needed: the next one
// begins that much earlier, and the last one at the beginning, if that is near enough.
constexpr double earlier_s = 10;
constexpr double near_start_s = 60;
// Two times that differ by less belong to the same frame.
constexpr double same_time_s = 0.05;
// Decoding on so far is quicker than to seek where there is no index.
constexpr double short_way_s = 2;

struct candidate {
  av::frame_ptr frame;
  double score = -1;

  void offer(av::frame_ptr other) {
    // A damaged frame only if there is nothing else.
    const bool damaged =
      (other->flags & AV_FRAME_FLAG_CORRUPT) != 0 || other->decode_error_flags != 0;
    const double value = damaged ? -0.5 : av::contrast(*other);
    if (value > score) {
      score = value;
      frame = std::move(other);
    }
  }
};

std::vector<double> places_to_look(const av::input& file) {
  const double length = file.duration_s().value_or(0);
  if (length < 1)
    return {0};
  std::vector<double> at;
  for (int i = 0; i < places; ++i)
    // In a long film stay within the first minutes: as representative, and quicker to seek to.
    at.push_back(std::min(length * (0.10 + 0.16 * i), 30.0 + 60 * i));
  return at;
}

/// Looks at keyframes only.
result<candidate> look_around(av::input& file, AVStream& video) {
  const av::decoding quick{.threads = 1, .keyframes_only = true, .rough = true};
  auto decoder = file.open_decoder(video, quick);
  if (!decoder)
    return fail(decoder.error());
  candidate best;
  const auto look = [&]() -> result<> {
    avcodec_flush_buffers(decoder->get());
    auto found = next_keyframe(file, video, **decoder);
    if (!found)
      return fail(found.error());
    if (*found)
      best.offer(std::move(*found));
    return {};
  };
  for (const double at : places_to_look(file)) {
    if (!file.seek(at) && best.frame)
      continue;
    if (auto looked = look(); !looked)
      return fail(looked.error());
    if (best.score > good_contrast)
      break;
  }
  if (best.frame || !file.rewind())
    return best;
  // The only keyframe may stand in front of all places that a seek reaches.
  if (auto looked = look(); !looked)
    return fail(looked.error());
  return best;
}

/// Decodes on from where the file stands. @returns the number of frames.
result<int> decode_on(av::input& file, const AVStream& video, AVCodecContext& decoder,
                      candidate& best) {
  const auto packet = av::make_packet();
  auto frame = av::make_frame();
  int frames = 0;
  for (int packets = 0; packets < forward_search_packets; ++packets) {
    const auto more = file.read(*packet);
    if (!more)
      return fail(more.error());
    if (*more && packet->stream_index != video.index)
      continue;
    // A packet that cannot be decoded is passed over: the next may do.
    static_cast<void>(avcodec_send_packet(&decoder, *more ? packet.get() : nullptr));
    while (avcodec_receive_frame(&decoder, frame.get()) >= 0) {
      if (frames++ % forward_search_step == 0)
        best.offer(std::exchange(frame, av::make_frame()));
      if (best.score > good_contrast || frames > forward_search_frames)
        return frames;
    }
    if (!*more)
      break;
  }
  return frames;
}

/// Decodes on from the first place: for files whose keyframes are all plain, or not marked.
result<> look_ahead(av::input& file, AVStream& video, candidate& best) {
  auto decoder = file.open_decoder(video, {.threads = 0, .keyframes_only = false, .rough = true});
  if (!decoder)
    return fail(decoder.error());
  file.seek(places_to_look(file).front());
  auto frames = decode_on(file, video, **decoder, best);
  if (frames && *frames == 0 && file.rewind()) {
    avcodec_flush_buffers(decoder->get());
    frames = decode_on(file, video, **decoder, best);
  }
  return frames ? result<>{} : fail(frames.error());
}

} // namespace

result<av::frame_ptr> next_keyframe(av::input& file, const AVStream& video,
                                    AVCodecContext& decoder) {
  const auto packet = av::make_packet();
  auto frame = av::make_frame();
  for (int i = 0; i < keyframe_search_packets; ++i) {
    const auto more = file.read(*packet);
    if (!more)
      return fail(more.error());
    if (!*more)
      break;
    if (packet->stream_index != video.index || (packet->flags & AV_PKT_FLAG_KEY) == 0)
      continue;
    if (avcodec_send_packet(&decoder, packet.get()) >= 0) {
      int rc = avcodec_receive_frame(&decoder, frame.get());
      if (rc == AVERROR(EAGAIN)) {
        avcodec_send_packet(&decoder, nullptr);
        rc = avcodec_receive_frame(&decoder, frame.get());
      }
      if (rc >= 0)
        return frame;
    }
    avcodec_flush_buffers(&decoder);
  }
  return av::frame_ptr{};
}

result<av::frame_ptr> representative_frame(av::input& file, AVStream& video) {
  file.only(&video);
  auto best = look_around(file, video);
  if (!best)
    return fail(best.error());
  if (best->score < plain_contrast)
    if (auto ok = look_ahead(file, video, *best); !ok)
      return fail(ok.error());
  if (!best->frame)
    return fail(errc::corrupt_media, "no frame can be decoded");
  return std::move(best->frame);
}

still_reader::still_reader(av::input& file, AVStream& video, av::codec_ptr decoder)
  : file_{&file}, video_{&video}, decoder_{std::move(decoder)} {}

result<still_reader> still_reader::open(av::input& file, AVStream& video, int threads) {
  auto decoder =
    file.open_decoder(video, {.threads = threads, .keyframes_only = false, .rough = false});
  if (!decoder)
    return fail(decoder.error());
  file.only(&video);
  return still_reader{file, video, std::move(*decoder)};
}

bool still_reader::must_seek(double at_s) const {
  if (shown_s_ < 0 || shown_s_ > at_s)
    return true;
  if (ended_)
    return false; // What comes next is in the decoder already, or has been shown.
  // Where times may jump, the index has entries of all packets.
  if (file_->may_jump())
    return at_s - shown_s_ > short_way_s;
  // Only forward if that skips something.
  const auto ticks = [&](double s) {
    return av::ticks(file_->start_s() + s, video_->time_base);
  };
  const int index = av_index_search_timestamp(video_, ticks(at_s), AVSEEK_FLAG_BACKWARD);
  const auto* entry = avformat_index_get_entry(video_, index);
  return entry == nullptr || entry->timestamp > ticks(shown_s_);
}

result<av::frame_ptr> still_reader::at(double at_s, double near_s) {
  auto found = must_seek(at_s) ? enter(at_s, near_s) : decode_to(at_s, near_s);
  if (found && !*found)
    return fail(errc::corrupt_media, "no frame near " + std::to_string(at_s) + " s");
  return found;
}

result<av::frame_ptr> still_reader::enter(double at_s, double near_s) {
  av::frame_ptr late;
  for (const double from_s : {at_s, at_s - earlier_s, 0.0}) {
    const bool at_start = from_s == 0.0;
    if (from_s < 0 || (at_start && late && at_s > near_start_s))
      continue;
    if (!(at_start ? file_->rewind() : file_->seek(from_s)))
      continue;
    avcodec_flush_buffers(decoder_.get());
    first_s_ = shown_s_ = -1;
    ended_ = false;
    auto found = decode_to(at_s, near_s);
    if (!found)
      return found;
    if (*found && first_s_ <= at_s + std::max(near_s, same_time_s))
      return found;
    if (*found)
      late = std::move(*found);
  }
  return late;
}

result<av::frame_ptr> still_reader::decode_to(double at_s, double near_s) {
  auto frame = av::make_frame();
  const double start_s = file_->start_s();
  bool any = false;
  for (int packets = 0;;) {
    while (avcodec_receive_frame(decoder_.get(), frame.get()) >= 0) {
      const auto time = av::seconds(frame->best_effort_timestamp, video_->time_base);
      const bool first = shown_s_ < 0;
      shown_s_ = std::max(0.0, time.value_or(shown_s_ + start_s) - start_s);
      if (first)
        first_s_ = shown_s_;
      last_ = std::exchange(frame, av::make_frame());
      any = true;
      if (shown_s_ >= at_s || (first && shown_s_ + near_s >= at_s))
        return av::share(*last_);
    }
    if (ended_ || packets == still_search_packets)
      break;
    const auto more = file_->read(*packet_);
    if (!more)
      return fail(more.error());
    if (*more && packet_->stream_index != video_->index)
      continue;
    ++packets;
    static_cast<void>(avcodec_send_packet(decoder_.get(), *more ? packet_.get() : nullptr));
    ended_ = !*more;
  }
  // After the last frame, the last frame.
  const bool is_over = ended_ && shown_s_ >= 0;
  return last_ && (any || is_over) ? av::share(*last_) : av::frame_ptr{};
}

} // namespace mediad::media
