#include "media/audio/cover.hpp"

#include "media/av/frame_picture.hpp"
#include "media/picture/resize.hpp"

namespace mediad::media {
namespace {

av::frame_ptr decode(const av::input& file, const AVStream& stream) {
  auto frame = av::make_frame();
  auto decoder = file.open_decoder(stream, {.threads = 1});
  if (!decoder)
    return nullptr;
  if (avcodec_send_packet(decoder->get(), &stream.attached_pic) < 0
      || avcodec_send_packet(decoder->get(), nullptr) < 0
      || avcodec_receive_frame(decoder->get(), frame.get()) < 0)
    return nullptr;
  return frame;
}

} // namespace

std::optional<picture> cover_of(const av::input& file, std::uint32_t box, const limits& max) {
  for (unsigned i = 0; i < file.streams(); ++i) {
    auto& stream = file.stream(i);
    if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0 || stream.attached_pic.size == 0)
      continue;
    // A cover that is damaged is no reason to refuse the sound.
    const auto shape = av::shape_of(file, stream, max);
    const auto frame = shape ? decode(file, stream) : nullptr;
    if (!frame)
      continue;
    if (auto shown = av::to_picture(*frame, *shape, fit_box(shape->shown, box)); shown)
      return std::move(*shown);
  }
  return std::nullopt;
}

} // namespace mediad::media
