#pragma once

#include "tests/media/support/av_media.hpp"

#include <algorithm>
#include <cmath>

/// Videos that are made, compressed, and looked at with ffprobe.
namespace mediad::tests {

inline constexpr auto red_and_blue =
  "-f lavfi -i color=red:s=320x180:d=1 -vf "
  "drawbox=x=160:w=160:h=180:color=blue:t=fill -preset ultrafast -pix_fmt yuv420p ";
inline constexpr auto picture_and_sound =
  "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=r=48000:d=2 ";
inline constexpr double frame_s = 1.0 / 25;

struct compress_fixture : av_fixture {
  compress_fixture() {
    options.video.remux = false;
  }

  std::filesystem::path made() const {
    return output() / "video.mp4";
  }

  std::string compress(const std::filesystem::path& file,
                       const std::string& media_type = "video/mp4") {
    return outcome(media::job_kind::video_compress, media_type, file);
  }

  nlohmann::json video() const {
    return probe(made(), "-select_streams v")["streams"][0];
  }
  nlohmann::json audio() const {
    return probe(made(), "-select_streams a")["streams"][0];
  }

  std::string size() const {
    const auto stream = video();
    return std::to_string(stream["width"].get<int>()) + "x"
           + std::to_string(stream["height"].get<int>());
  }

  /// When each frame of @p file is shown, seconds.
  static std::vector<double> times_of(const std::filesystem::path& file) {
    std::vector<double> times;
    const auto all = probe(file, "-select_streams v -show_packets");
    for (const auto& packet : all["packets"])
      times.push_back(std::stod(packet["pts_time"].get<std::string>()));
    std::sort(times.begin(), times.end());
    return times;
  }

  /// Compresses a clip made with @p arguments. @returns by how many seconds its length changed.
  double change_of_length(const std::string& name, const std::string& media_type,
                          const std::string& arguments) {
    const auto file = make(name, picture_and_sound + arguments);
    const auto ended = compress(file, media_type);
    return ended == "ok" ? std::abs(duration_of(made()) - duration_of(file)) : 1e9;
  }
};

} // namespace mediad::tests
