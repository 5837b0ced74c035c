#include "media/audio/sound.hpp"

namespace mediad::media {
namespace {

constexpr double decoded_fraction = 0.95;

} // namespace

result<av::input> open_sound(const job& work, const job_context& context) {
  auto file =
    av::input::open(context.input, work.media_type, context.options.limits, av::analysis::full);
  if (file && file->audio() == nullptr)
    return fail(errc::unsupported_media, "no sound that can be decoded");
  return file;
}

result<> decode_sound(av::input& file, av::decoder& decoder, const av::decoder::frame_sink& sink,
                      const job_context& context) {
  const auto index = file.audio()->index;
  av::timeline timeline{file};
  const auto end = file.each_packet([&](AVPacket& packet) -> result<bool> {
    if (packet.stream_index != index)
      return true;
    timeline.align(packet);
    if (auto ok = decoder.feed(packet, sink); !ok)
      return fail(ok.error());
    if (decoder.tally().decoded_s() > context.options.limits.max_duration_s)
      return fail(errc::too_large, "it goes on past the longest duration");
    context.progress(decoded_fraction * file.position());
    return true;
  });
  if (!end)
    return fail(end.error());
  if (auto ok = decoder.finish(sink); !ok)
    return ok;
  return decoder.tally().verdict();
}

} // namespace mediad::media
