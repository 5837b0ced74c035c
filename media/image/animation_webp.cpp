#include "base/file.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/image/animation.hpp"
#include "media/picture/color.hpp"

#include <algorithm>
#include <string>
#include <webp/demux.h>

namespace mediad::media {
namespace {

constexpr std::size_t max_file_bytes = 512U << 20U;

struct delete_demuxer {
  void operator()(WebPDemuxer* demuxer) const noexcept {
    WebPDemuxDelete(demuxer);
  }
};
using demuxer_handle = std::unique_ptr<WebPDemuxer, delete_demuxer>;

struct delete_decoder {
  void operator()(WebPAnimDecoder* decoder) const noexcept {
    WebPAnimDecoderDelete(decoder);
  }
};

class webp_animation : public animation {
public:
  explicit webp_animation(std::string bytes) : bytes_{std::move(bytes)} {}

  /// @returns whether it moves.
  result<bool> open(const limits& max) {
    WebPData data{reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size()};
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    const demuxer_handle file{WebPDemuxPartial(&data, &state)};
    if (!file || state < WEBP_DEMUX_PARSED_HEADER)
      return fail(errc::corrupt_media, "libwebp: the container is damaged");
    if ((WebPDemuxGetI(file.get(), WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG) == 0)
      return false;
    if (auto allowed = read_header(*file, max); !allowed)
      return fail(allowed.error());
    if (state != WEBP_DEMUX_DONE) {
      keep_whole_frames();
      data = {reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size()};
    }
    WebPAnimDecoderOptions options;
    if (WebPAnimDecoderOptionsInit(&options) == 0)
      return fail(errc::internal, "libwebp is of another version than its headers");
    options.color_mode = MODE_RGBA;
    decoder_.reset(WebPAnimDecoderNew(&data, &options));
    if (!decoder_)
      return fail(errc::corrupt_media, "libwebp: no animation");
    return true;
  }

  result<std::optional<animation_frame>> next() override {
    if (WebPAnimDecoderHasMoreFrames(decoder_.get()) == 0)
      return std::optional<animation_frame>{};
    std::uint8_t* pixels = nullptr;
    int ends_at_ms = 0;
    if (WebPAnimDecoderGetNext(decoder_.get(), &pixels, &ends_at_ms) == 0) {
      if (!has_frame_)
        return fail(errc::corrupt_media, "libwebp: a damaged frame");
      is_incomplete = true;
      return std::optional<animation_frame>{};
    }
    has_frame_ = true;
    animation_frame frame{picture{size.width, size.height, 4},
                          static_cast<std::uint32_t>(std::max(0, ends_at_ms - began_at_ms_))};
    began_at_ms_ = ends_at_ms;
    std::copy_n(pixels, frame.canvas.pixels.size(), frame.canvas.pixels.begin());
    return std::optional{std::move(frame)};
  }

private:
  // Cuts the file off behind its last chunk that is whole (RFC 9649, 2.4).
  void keep_whole_frames() {
    constexpr std::size_t riff_bytes = 12;
    constexpr std::size_t header_bytes = 8;
    auto end = riff_bytes;
    while (end + header_bytes <= bytes_.size()) {
      const auto length = static_cast<std::size_t>(little_endian(bytes_, end + 4, 4));
      const auto padded = length + length % 2;
      if (padded > bytes_.size() - end - header_bytes)
        break;
      end += header_bytes + padded;
    }
    const auto cut = std::string_view{bytes_}.substr(end, 4);
    is_incomplete = cut != "EXIF" && cut != "XMP "; // those stand behind all frames
    bytes_.resize(end);
    for (std::size_t i = 0; i < 4; ++i)
      bytes_[4 + i] = static_cast<char>((end - header_bytes) >> (8 * i));
  }

  result<> read_header(WebPDemuxer& file, const limits& max) {
    size = {WebPDemuxGetI(&file, WEBP_FF_CANVAS_WIDTH),
            WebPDemuxGetI(&file, WEBP_FF_CANVAS_HEIGHT)};
    if (auto allowed = check_size(size, max); !allowed)
      return allowed;
    frames = WebPDemuxGetI(&file, WEBP_FF_FRAME_COUNT);
    loops = WebPDemuxGetI(&file, WEBP_FF_LOOP_COUNT);
    if (frames > max.max_frames)
      return fail(errc::too_large, std::to_string(frames) + " frames");
    WebPChunkIterator chunk{};
    if (WebPDemuxGetChunk(&file, "ICCP", 1, &chunk) != 0 && chunk.chunk.size <= max_icc_bytes)
      icc.assign(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
    WebPDemuxReleaseChunkIterator(&chunk);
    return {};
  }

  std::string bytes_;
  std::unique_ptr<WebPAnimDecoder, delete_decoder> decoder_;
  int began_at_ms_ = 0;
  bool has_frame_ = false; ///< A frame has been handed out.
};

} // namespace

result<std::unique_ptr<animation>> open_animated_webp(const opened_file& file, const limits& max) {
  auto bytes = read_file(file, max_file_bytes);
  if (!bytes)
    return fail(bytes.error());
  auto opened = std::make_unique<webp_animation>(std::move(*bytes));
  const auto moves = opened->open(max);
  if (!moves)
    return fail(moves.error());
  return *moves ? std::unique_ptr<animation>{std::move(opened)} : nullptr;
}

} // namespace mediad::media
