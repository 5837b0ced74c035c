#pragma once

#include "base/folder.hpp"
#include "media/video/sound_track.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mediad::media {

/// The sound of a ladder for streaming: one file for each of the first eight tracks that can be
/// decoded, the default one first.
class ladder_sounds {
public:
  struct rendition {
    std::string file;     ///< Name without its ending: `hls-audio`, `hls-audio-2` ….
    std::string name;     ///< Players offer it to the user; no two are alike.
    std::string language; ///< The language that the file names, or empty.
    const AVStream* from;
    std::optional<av::mp4_output> output;
    std::optional<audio_track> track;
  };

  /// @param file must outlive it; in @p folder the renditions are made.
  /// @returns an error if the default track cannot be opened; others are left out.
  result<> open(const av::input& file, const opened_folder& folder, const video_options& options);

  /// The streams it needs the packets of.
  std::vector<const AVStream*> streams() const;

  /// Takes a packet, which may be of any stream.
  /// @param heard see audio_track::take.
  result<> take(const AVPacket& packet, const std::function<result<>(double)>& heard);

  /// Ends all of them. Tracks without a packet are left out then.
  /// @returns errc::corrupt_media if clearly less could be decoded of the default track than the
  ///          file promises; of another one: it is left out.
  result<> finish();
  result<> commit();

  const std::vector<std::unique_ptr<rendition>>& renditions() const {
    return renditions_;
  }

private:
  result<> add(const av::input& file, const AVStream& from, const opened_folder& folder,
               const video_options& options);
  std::string free_name(const AVStream& from) const;

  std::vector<std::unique_ptr<rendition>> renditions_;
};

} // namespace mediad::media
