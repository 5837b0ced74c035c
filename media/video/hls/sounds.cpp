#include "media/video/hls/sounds.hpp"

#include "media/av/facts.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

constexpr std::size_t max_renditions = 8;

} // namespace

result<> ladder_sounds::open(const av::input& file, const opened_folder& folder,
                             const video_options& options) {
  if (file.audio() == nullptr)
    return {};
  if (auto ok = add(file, *file.audio(), folder, options); !ok)
    return ok;
  for (unsigned i = 0; i < file.streams() && renditions_.size() < max_renditions; ++i)
    if (const auto& stream = file.stream(i); av::is_sound(stream) && &stream != file.audio())
      static_cast<void>(add(file, stream, folder, options)); // media.sounds names it all the same
  return {};
}

result<> ladder_sounds::add(const av::input& file, const AVStream& from,
                            const opened_folder& folder, const video_options& options) {
  auto made = std::make_unique<rendition>();
  made->file = "hls-audio";
  if (!renditions_.empty())
    made->file += "-" + std::to_string(renditions_.size() + 1);
  made->name = free_name(from);
  made->language = av::language_of(from);
  made->from = &from;
  auto output = av::mp4_output::create(folder / (made->file + ".mp4"));
  if (!output)
    return fail(output.error());
  made->output.emplace(std::move(*output));
  auto track = audio_track::open(file, from, *made->output, options, video_codec::h264);
  if (!track)
    return fail(track.error());
  made->track.emplace(std::move(*track));
  if (auto ok = made->output->begin_fragments(); !ok)
    return ok;
  renditions_.push_back(std::move(made));
  return {};
}

std::string ladder_sounds::free_name(const AVStream& from) const {
  auto wanted = av::title_of(from);
  std::erase(wanted, '"'); // a playlist has no way to write one
  if (wanted.empty())
    wanted = av::language_of(from);
  if (wanted.empty())
    wanted = "sound";
  const auto is_taken = [&](const std::string& name) {
    return std::any_of(renditions_.begin(), renditions_.end(),
                       [&](const auto& r) { return r->name == name; });
  };
  auto name = wanted;
  for (int n = 2; is_taken(name); ++n)
    name = wanted + " " + std::to_string(n);
  return name;
}

std::vector<const AVStream*> ladder_sounds::streams() const {
  std::vector<const AVStream*> all;
  for (const auto& r : renditions_)
    all.push_back(r->from);
  return all;
}

result<> ladder_sounds::take(const AVPacket& packet, const std::function<result<>(double)>& heard) {
  for (auto& r : renditions_)
    if (r->from->index == packet.stream_index)
      return r->track->take(packet, heard);
  return {};
}

result<> ladder_sounds::finish() {
  for (std::size_t i = 0; i < renditions_.size(); ++i) {
    auto& r = *renditions_[i];
    if (auto ok = r.track->finish(); !ok)
      return ok;
    const auto verdict = r.track->verdict();
    if (!verdict && i == 0)
      return verdict;
    if (!verdict || !r.track->any())
      r.track.reset();
  }
  std::erase_if(renditions_, [](const auto& r) { return !r->track; });
  return {};
}

result<> ladder_sounds::commit() {
  for (auto& r : renditions_)
    if (auto ok = std::move(*r->output).commit(); !ok)
      return ok;
  return {};
}

} // namespace mediad::media
