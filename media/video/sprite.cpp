#include "media/video/sprite.hpp"

#include "media/av/filter_graph.hpp"
#include "media/av/releases.hpp"
#include "media/encode/encode.hpp"
#include "media/picture/resize.hpp"
#include "media/video/stills.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <future>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace mediad::media {
namespace {

constexpr std::uint32_t tile_box = 160;
constexpr std::uint32_t columns = 10;
constexpr double min_spacing_s = 2;
constexpr int quality = 75;
// Files that mark no keyframes would be read from end to end for every tile.
constexpr int max_misses = 3;
// Fewer are not worth opening the file once more.
constexpr std::uint32_t min_tiles_of_a_part = 6;
constexpr std::uint32_t max_parts = 8;

/// A time as WebVTT writes it: hours, minutes, seconds, thousandths.
std::string clock(double seconds) {
  const auto ms = std::llround(seconds * 1'000);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld", ms / 3'600'000,
                ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000);
  return text.data();
}

/// The sheet to be drawn: which tile shows what time, and where.
struct layout {
  layout(const av::video_shape& from, double length, std::uint32_t most)
    : shape{from}, tile{fit_box(from.shown, tile_box)}, length_s{length} {
    shape.interlaced = false; // invisible at this size, and the filter waits for more frames
    spacing_s = std::max(min_spacing_s, length_s / most);
    count = std::clamp(static_cast<std::uint32_t>(std::ceil(length_s / spacing_s)), 1U, most);
  }

  double time_of(std::uint32_t i) const {
    return i * spacing_s;
  }
  std::uint32_t left(std::uint32_t i) const {
    return i % columns * tile.width;
  }
  std::uint32_t top(std::uint32_t i) const {
    return i / columns * tile.height;
  }

  av::video_shape shape;
  extent tile;
  double length_s;
  double spacing_s = 0;
  std::uint32_t count = 0;
};

std::string index_of(const layout& plan) {
  std::string text = "WEBVTT\n";
  for (std::uint32_t i = 0; i < plan.count; ++i) {
    const double end_s =
      i + 1 == plan.count ? std::max(plan.length_s, plan.time_of(i) + 0.001) : plan.time_of(i + 1);
    text += "\n" + clock(plan.time_of(i)) + " --> " + clock(end_s) + "\nsprite.jpg#xywh=";
    for (const auto number : {plan.left(i), plan.top(i), plan.tile.width})
      text += std::to_string(number) + ",";
    text += std::to_string(plan.tile.height) + "\n";
  }
  return text;
}

/// Draws tiles one after the other, from one opened file.
class tile_reader {
public:
  tile_reader(av::input& file, const layout& plan)
    : file_{file},
      video_{*file.video()},
      plan_{plan},
      graph_{
        [this](const AVFrame& f) { return av::filters_for(plan_.shape, plan_.tile, "rgb24", f); },
        {1, AV_TIME_BASE},
        1} {}
  tile_reader(const tile_reader&) = delete; // The filters point to this object.

  /// Fills @p into with the tiles from @p first on; empty where the file shows none.
  result<> draw(std::uint32_t first, std::span<picture> into) {
    auto decoder =
      file_.open_decoder(video_, {.threads = 1, .keyframes_only = true, .rough = true});
    if (!decoder)
      return fail(decoder.error());
    file_.only(&video_);
    int misses = 0;
    for (auto& tile : into) {
      const double at_s = plan_.time_of(first++);
      if (misses < max_misses && !shows_already(at_s)) {
        auto found = look(at_s, **decoder);
        if (!found)
          return fail(found.error());
        misses += *found ? 0 : 1;
      }
      tile = newest_;
    }
    return {};
  }

private:
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
    const bool from_start = at_s <= 0;
    if (!(from_start ? file_.rewind() : file_.seek(at_s)) && !from_start)
      return false;
    avcodec_flush_buffers(&decoder);
    auto found = next_keyframe(file_, video_, decoder);
    if (!found)
      return fail(found.error());
    if (!*found)
      return false;
    (*found)->pts = ++frames_;
    av::call_progressive(**found);
    const auto keep = [this](AVFrame& out) -> result<> {
      newest_ = picture{plan_.tile.width, plan_.tile.height, 3};
      const auto bytes = static_cast<int>(newest_.stride());
      av_image_copy_plane(newest_.pixels.data(), bytes, out.data[0], out.linesize[0], bytes,
                          out.height);
      return {};
    };
    if (auto ok = graph_.feed(**found, keep); !ok)
      return fail(ok.error());
    return true;
  }

  av::input& file_;
  AVStream& video_;
  const layout& plan_;
  av::video_graph graph_;
  std::int64_t frames_ = 0;
  std::int64_t keyframe_ = AV_NOPTS_VALUE; ///< Time of the keyframe, in units of the stream.
  picture newest_;
};

/// Tiles @p first and on, from a file opened anew: it may run beside others.
result<> draw_part(const job& work, const job_context& context, const layout& plan,
                   std::uint32_t first, std::span<picture> into) {
  auto file =
    av::input::open(context.input, work.media_type, context.options.limits, av::analysis::full);
  if (!file)
    return fail(file.error());
  return tile_reader{*file, plan}.draw(first, into);
}

/// The number of parts in which the tiles are drawn at once.
std::uint32_t parts_of(std::uint32_t tiles, std::uint32_t threads) {
  const auto cores = threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : threads;
  return std::clamp(tiles / min_tiles_of_a_part, 1U, std::min(cores, max_parts));
}

/// Each part decodes by itself: one keyframe after the other leaves a decoder's own threads idle.
result<std::vector<picture>> draw_tiles(av::input& file, const layout& plan, const job& work,
                                        const job_context& context) {
  std::vector<picture> tiles(plan.count);
  const auto parts = parts_of(plan.count, context.options.video.threads);
  const auto part = [&](std::uint32_t i) {
    const auto from = plan.count * i / parts;
    return std::pair{from, std::span{tiles}.subspan(from, plan.count * (i + 1) / parts - from)};
  };
  std::vector<std::future<result<>>> others;
  for (std::uint32_t i = 1; i < parts; ++i)
    others.push_back(std::async(std::launch::async, [&, i] {
      const auto [from, into] = part(i);
      return draw_part(work, context, plan, from, into);
    }));
  const auto [from, into] = part(0);
  auto done = tile_reader{file, plan}.draw(from, into);
  for (auto& other : others)
    if (auto ok = other.get(); !ok && done)
      done = ok;
  if (!done)
    return fail(done.error());
  return tiles;
}

/// @returns a picture without pixels if there is nothing to show.
picture sheet_of(const layout& plan, const std::vector<picture>& tiles) {
  // What could not be found shows what came before it, at the beginning what comes after.
  const auto* shown = &*std::find_if(tiles.begin(), tiles.end() - 1,
                                     [](const picture& p) { return !p.pixels.empty(); });
  if (shown->pixels.empty())
    return {};
  const auto rows = (plan.count + columns - 1) / columns;
  picture drawn{std::min(plan.count, columns) * plan.tile.width, rows * plan.tile.height, 3};
  for (std::uint32_t i = 0; i < plan.count; ++i) {
    if (!tiles[i].pixels.empty())
      shown = &tiles[i];
    for (std::uint32_t y = 0; y < plan.tile.height; ++y)
      std::copy_n(shown->pixels.data() + y * shown->stride(), shown->stride(),
                  drawn.pixels.data() + (plan.top(i) + y) * drawn.stride()
                    + plan.left(i) * std::size_t{3});
  }
  return drawn;
}

} // namespace

result<> add_sprite(av::input& file, const av::video_shape& shape, const job& work,
                    const job_context& context, job_result& done) {
  const auto most = context.options.video.sprite_tiles;
  const double length_s = file.length_s(*file.video());
  if (most == 0 || length_s <= 0)
    return {};
  const layout plan{shape, length_s, most};
  const auto tiles = draw_tiles(file, plan, work, context);
  if (!tiles)
    return fail(tiles.error());
  const auto drawn = sheet_of(plan, *tiles);
  if (drawn.pixels.empty())
    return {};
  const auto folder = context.output;
  auto made = write_jpeg(drawn, folder / "sprite.jpg", quality);
  if (!made)
    return fail(made.error());
  if (auto ok = write_file(folder / "sprite.vtt", index_of(plan)); !ok)
    return ok;
  done.files.push_back(std::move(*made));
  made_file index;
  index.name = "sprite.vtt";
  index.media_type = "text/vtt";
  done.files.push_back(std::move(index));
  return {};
}

} // namespace mediad::media
