#include "media/video_sprite.hpp"

#include "media/av_graph.hpp"
#include "media/encode.hpp"
#include "media/resize.hpp"
#include "media/video_frames.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::uint32_t tile_box = 160;
constexpr std::uint32_t columns = 10;
constexpr double least_spacing_s = 2;
constexpr int quality = 75;
// Files that mark no keyframes would be read from end to end for every tile.
constexpr int most_misses = 3;

/// As WebVTT writes it: hours, minutes, seconds, thousandths.
std::string clock(double seconds) {
  const auto ms = std::llround(seconds * 1'000);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld", ms / 3'600'000,
                ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000);
  return text.data();
}

class sheet {
public:
  sheet(av::input& file, const video_shape& shape, double length_s, std::uint32_t most)
    : file_{file},
      video_{*file.video()},
      length_s_{length_s},
      tile_{fit_box(shape.shown, tile_box)},
      shape_{shape},
      graph_{[this](const AVFrame& f) { return filters_for(shape_, tile_, "rgb24", f); },
             {1, AV_TIME_BASE},
             1} {
    shape_.interlaced = false; // at this size nobody sees it, and the filter waits for more frames
    spacing_s_ = std::max(least_spacing_s, length_s / most);
    count_ = std::clamp(static_cast<std::uint32_t>(std::ceil(length_s / spacing_s_)), 1U, most);
    const auto rows = (count_ + columns - 1) / columns;
    drawn_ = picture{std::min(count_, columns) * tile_.width, rows * tile_.height, 3};
  }
  sheet(const sheet&) = delete; // Its filters point to it.

  /// @returns false if there is nothing to show.
  result<bool> draw() {
    auto decoder =
      file_.open_decoder(video_, {.threads = 1, .keyframes_only = true, .rough = true});
    if (!decoder)
      return fail(decoder.error());
    file_.only(&video_);
    int misses = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (misses < most_misses && !shows_already(i * spacing_s_)) {
        auto found = look(i * spacing_s_, **decoder);
        if (!found)
          return fail(found.error());
        misses += *found ? 0 : 1;
      }
      if (!newest_.pixels.empty())
        paste(i);
    }
    return !newest_.pixels.empty();
  }

  std::string index() const {
    std::string text = "WEBVTT\n";
    for (std::uint32_t i = 0; i < count_; ++i) {
      const double end_s =
        i + 1 == count_ ? std::max(length_s_, i * spacing_s_ + 0.001) : (i + 1) * spacing_s_;
      text += "\n" + clock(i * spacing_s_) + " --> " + clock(end_s) + "\nsprite.jpg#xywh=";
      for (const auto number : {left(i), top(i), tile_.width})
        text += std::to_string(number) + ",";
      text += std::to_string(tile_.height) + "\n";
    }
    return text;
  }

  const picture& drawn() const {
    return drawn_;
  }

private:
  std::uint32_t left(std::uint32_t i) const {
    return i % columns * tile_.width;
  }
  std::uint32_t top(std::uint32_t i) const {
    return i / columns * tile_.height;
  }

  /// By the index, where the file has one: whether the keyframe for that time is the newest one.
  bool shows_already(double at_s) {
    const auto at = av::ticks(file_.start_s() + at_s, video_.time_base);
    const int found = av_index_search_timestamp(&video_, at, AVSEEK_FLAG_BACKWARD);
    const auto* entry = avformat_index_get_entry(&video_, found);
    if (entry == nullptr)
      return false;
    return std::exchange(keyframe_, entry->timestamp) == entry->timestamp;
  }

  result<bool> look(double at_s, AVCodecContext& decoder) {
    if (!file_.seek(at_s) && at_s > 0)
      return false;
    avcodec_flush_buffers(&decoder);
    auto found = next_keyframe(file_, video_, decoder);
    if (!found)
      return fail(found.error());
    if (!*found)
      return false;
    (*found)->pts = ++frames_;
    (*found)->interlaced_frame = 0;
    const auto keep = [this](AVFrame& out) -> result<> {
      newest_ = picture{tile_.width, tile_.height, 3};
      const auto bytes = static_cast<int>(newest_.stride());
      av_image_copy_plane(newest_.pixels.data(), bytes, out.data[0], out.linesize[0], bytes,
                          out.height);
      return {};
    };
    if (auto ok = graph_.feed(**found, keep); !ok)
      return fail(ok.error());
    return true;
  }

  void paste(std::uint32_t i) {
    for (std::uint32_t y = 0; y < tile_.height; ++y)
      std::copy_n(newest_.pixels.data() + y * newest_.stride(), newest_.stride(),
                  drawn_.pixels.data() + (top(i) + y) * drawn_.stride() + left(i) * std::size_t{3});
  }

  av::input& file_;
  AVStream& video_;
  double length_s_;
  extent tile_;
  video_shape shape_;
  av::video_graph graph_;
  double spacing_s_ = 0;
  std::uint32_t count_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t keyframe_ = AV_NOPTS_VALUE; ///< In the stream's own time.
  picture newest_;
  picture drawn_;
};

} // namespace

result<> add_sprite(av::input& file, const video_shape& shape, const job& work,
                    const job_context& context, job_result& done) {
  const auto most = context.options.video.sprite_tiles;
  const double length_s = file.promised_s(*file.video()).value_or(file.duration_s().value_or(0));
  if (most == 0 || length_s <= 0)
    return {};
  sheet tiles{file, shape, length_s, most};
  const auto drawn = tiles.draw();
  if (!drawn || !*drawn)
    return drawn ? result<>{} : result<>{fail(drawn.error())};
  const auto folder = std::filesystem::path{work.output_dir};
  auto made = write_jpeg(tiles.drawn(), folder / "sprite.jpg", quality);
  if (!made)
    return fail(made.error());
  if (auto ok = write_file(folder / "sprite.vtt", tiles.index()); !ok)
    return ok;
  done.files.push_back(std::move(*made));
  made_file index;
  index.name = "sprite.vtt";
  index.media_type = "text/vtt";
  done.files.push_back(std::move(index));
  return {};
}

} // namespace mediad::media
