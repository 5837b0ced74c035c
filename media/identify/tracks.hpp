#pragma once

#include "media/identify/identify.hpp"

#include <string_view>

namespace mediad::media {

/// What tracks a container has. Without a look at them, a container counts as video: the video job
/// finds out about one that has only sound.
struct tracks {
  bool video = false;
  bool sound = false;

  identity choose(std::string_view video_type, std::string_view sound_type) const {
    if (sound && !video)
      return {profile::audio, std::string{sound_type}};
    return {profile::video, std::string{video_type}};
  }
};

} // namespace mediad::media
