#include "media/av/demuxers.hpp"

#include <array>
#include <utility>

namespace mediad::media::av {
namespace {

using media_demuxer = std::pair<std::string_view, const char*>;

// Only containers that hold their own samples: none of them names other files.
constexpr std::array demuxers{
  media_demuxer{"video/mp4", "mov"},
  media_demuxer{"video/quicktime", "mov"},
  media_demuxer{"video/3gpp", "mov"},
  media_demuxer{"video/3gpp2", "mov"},
  media_demuxer{"audio/mp4", "mov"},
  media_demuxer{"video/x-matroska", "matroska"},
  media_demuxer{"audio/x-matroska", "matroska"},
  media_demuxer{"video/webm", "matroska"},
  media_demuxer{"audio/webm", "matroska"},
  media_demuxer{"video/x-msvideo", "avi"},
  media_demuxer{"video/mp2t", "mpegts"},
  media_demuxer{"video/mpeg", "mpeg"},
  media_demuxer{"video/x-flv", "flv"},
  media_demuxer{"video/x-ms-asf", "asf"},
  media_demuxer{"video/ogg", "ogg"},
  media_demuxer{"audio/ogg", "ogg"},
  media_demuxer{"audio/mpeg", "mp3"},
  media_demuxer{"audio/wav", "wav"},
  media_demuxer{"audio/flac", "flac"},
  media_demuxer{"audio/aac", "aac"},
  media_demuxer{"audio/aiff", "aiff"},
  media_demuxer{"audio/amr", "amr"},
  media_demuxer{"audio/x-caf", "caf"},
  media_demuxer{"audio/x-ms-wma", "asf"},
  media_demuxer{"audio/basic", "au"},
  media_demuxer{"audio/x-w64", "w64"},
  media_demuxer{"audio/x-wavpack", "wv"},
  media_demuxer{"audio/x-tta", "tta"},
  media_demuxer{"audio/x-ape", "ape"},
  media_demuxer{"audio/musepack", "mpc8"},
  media_demuxer{"audio/x-musepack", "mpc"},
  media_demuxer{"audio/x-dsf", "dsf"},
  media_demuxer{"audio/ac3", "ac3"},
  media_demuxer{"audio/eac3", "eac3"},
  media_demuxer{"audio/vnd.dts", "dts"},
};

} // namespace

const AVInputFormat* demuxer_of(std::string_view media_type) {
  for (const auto& [type, name] : demuxers)
    if (type == media_type)
      return av_find_input_format(name);
  return nullptr;
}

} // namespace mediad::media::av
