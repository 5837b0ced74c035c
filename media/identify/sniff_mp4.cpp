#include "media/bytes/boxes.hpp"
#include "media/identify/sniffers.hpp"
#include "media/identify/tracks.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

void note_handler(const file_bytes& file, const box& handler, tracks& found) {
  const auto kind = file.read(handler.begin + 8, 4);
  found.video = found.video || kind == "vide";
  found.sound = found.sound || kind == "soun";
}

tracks tracks_of_mp4(const file_bytes& file) {
  tracks found;
  each_box(file, 0, file.size(), [&](const box& top) {
    if (top.type == "moov")
      each_box(file, top.begin, top.end, [&](const box& in_movie) {
        if (in_movie.type == "trak")
          each_box(file, in_movie.begin, in_movie.end, [&](const box& in_track) {
            if (in_track.type == "mdia")
              each_box(file, in_track.begin, in_track.end, [&](const box& in_media) {
                if (in_media.type == "hdlr")
                  note_handler(file, in_media, found);
              });
          });
      });
  });
  return found;
}

identity identity_by_brand(const file_bytes& file, const std::string& brand) {
  if (brand == "crx ")
    return {profile::other, "image/x-canon-cr3"};
  if (brand == "M4A " || brand == "M4B " || brand == "M4P ") // a cover may be a picture track
    return {profile::audio, "audio/mp4"};
  const auto found = tracks_of_mp4(file);
  if (brand == "qt  ")
    return found.choose("video/quicktime", "audio/mp4");
  if (brand.starts_with("3gp"))
    return found.choose("video/3gpp", "audio/mp4");
  if (brand.starts_with("3g2"))
    return found.choose("video/3gpp2", "audio/mp4");
  return found.choose("video/mp4", "audio/mp4");
}

template <std::size_t Count>
bool is_among(const std::array<std::string_view, Count>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

} // namespace

std::optional<identity> sniff_mp4(const file_bytes& file) {
  // QuickTime is older than the ftyp box, and its programs put what they like in front: room that
  // was left (free, skip, wide, junk), the picture of the film (pnot, PICT).
  constexpr std::array films{"moov"sv, "mdat"sv, "wide"sv, "pnot"sv};
  constexpr std::array fillers{"free"sv, "skip"sv, "junk"sv, "PICT"sv, "pict"sv,
                               "udta"sv, "uuid"sv, "prfl"sv, "pdin"sv};
  constexpr int max_fillers = 32;
  std::uint64_t at = 0;
  for (int i = 0; i < max_fillers; ++i) {
    const auto next = parse_box_header(file.read(at, max_box_header_bytes));
    if (!next || next->bytes > file.size() - at) // words of a text are lengths of some 100 MB
      return std::nullopt;
    if (next->type == "ftyp")
      return identity_by_brand(file, file.read(at + next->header_bytes, 4));
    if (is_among(films, next->type))
      return tracks_of_mp4(file).choose("video/quicktime", "audio/mp4");
    if (!is_among(fillers, next->type) || next->bytes == 0)
      return std::nullopt;
    at += next->bytes;
  }
  return std::nullopt;
}

} // namespace mediad::media
