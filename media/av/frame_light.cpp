#include "media/av/frame_light.hpp"

#include <algorithm>
#include <array>

namespace mediad::media::av {
namespace {

// cd/m2: from paper white (ITU-R BT.2408), below which nothing is high dynamic range, to the most
// that PQ can say (SMPTE ST 2084).
constexpr double min_peak = 203;
constexpr double max_peak = 10'000;

double value_of(AVRational number) {
  return number.den > 0 ? av_q2d(number) : -1;
}

bool is_peak(double light) {
  return light >= min_peak && light <= max_peak;
}

template <class Light>
const Light* light_of(const AVFrame& frame, AVFrameSideDataType type) {
  const auto* found = av_frame_get_side_data(&frame, type);
  return found != nullptr && found->size >= sizeof(Light)
           ? reinterpret_cast<const Light*>(found->data)
           : nullptr;
}

bool is_possible(const AVMasteringDisplayMetadata& screen) {
  const auto is_part = [](AVRational number) {
    const double value = value_of(number);
    return value >= 0 && value <= 1;
  };
  const auto are_parts = [&](const auto& point) {
    return std::all_of(std::begin(point), std::end(point), is_part);
  };
  if (screen.has_primaries != 0
      && !(std::all_of(std::begin(screen.display_primaries), std::end(screen.display_primaries),
                       are_parts)
           && are_parts(screen.white_point)))
    return false;
  const double darkest = value_of(screen.min_luminance);
  return screen.has_luminance == 0
         || (is_peak(value_of(screen.max_luminance)) && darkest >= 0
             && darkest < value_of(screen.max_luminance));
}

} // namespace

void drop_wild_light(AVFrame& frame) {
  const auto* scene = light_of<AVContentLightMetadata>(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
  if (scene == nullptr || !is_peak(scene->MaxCLL) || scene->MaxFALL > scene->MaxCLL)
    av_frame_remove_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
  const auto* screen =
    light_of<AVMasteringDisplayMetadata>(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
  if (screen == nullptr || !is_possible(*screen))
    av_frame_remove_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
}

void drop_side_data(AVFrame& frame) {
  for (int i = frame.nb_side_data - 1; i >= 0; --i)
    // Several pieces of one type go at once.
    if (i < frame.nb_side_data && frame.side_data[i]->type != AV_FRAME_DATA_A53_CC)
      av_frame_remove_side_data(&frame, frame.side_data[i]->type);
}

AVColorPrimaries known_primaries(AVColorPrimaries said) {
  return av_color_primaries_name(said) != nullptr && said != AVCOL_PRI_RESERVED
             && said != AVCOL_PRI_RESERVED0
           ? said
           : AVCOL_PRI_UNSPECIFIED;
}

AVColorTransferCharacteristic known_transfer(AVColorTransferCharacteristic said) {
  return av_color_transfer_name(said) != nullptr && said != AVCOL_TRC_RESERVED
             && said != AVCOL_TRC_RESERVED0
           ? said
           : AVCOL_TRC_UNSPECIFIED;
}

AVColorSpace known_colours(AVColorSpace said) {
  return av_color_space_name(said) != nullptr && said != AVCOL_SPC_RESERVED ? said
                                                                            : AVCOL_SPC_UNSPECIFIED;
}

} // namespace mediad::media::av
