#include "base/file.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/image/animation.hpp"

#include <algorithm>
#include <cstring>
#include <gif_lib.h>
#include <span>
#include <string>

namespace mediad::media {
namespace {

constexpr std::size_t max_file_bytes = 512U << 20U;

struct close_gif {
  void operator()(GifFileType* gif) const noexcept {
    DGifCloseFile(gif, nullptr);
  }
};
using gif_handle = std::unique_ptr<GifFileType, close_gif>;

struct byte_reader {
  std::string bytes;
  std::size_t at = 0;
};

int read_some(GifFileType* gif, GifByteType* to, int count) {
  auto& from = *static_cast<byte_reader*>(gif->UserData);
  const auto got = std::min(static_cast<std::size_t>(count), from.bytes.size() - from.at);
  std::memcpy(to, from.bytes.data() + from.at, got);
  from.at += got;
  return static_cast<int>(got);
}

std::size_t color_table_bytes(unsigned flags) {
  return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1U) : 0;
}

// The offset behind the sub-blocks at @p at (GIF89a, 15). One that is cut off becomes as short as
// what is there, or giflib would not read even that.
std::size_t after_blocks(std::string& bytes, std::size_t at) {
  while (at < bytes.size() && bytes[at] != 0) {
    const auto next = at + 1 + static_cast<std::uint8_t>(bytes[at]);
    if (next > bytes.size())
      bytes[at] = static_cast<char>(bytes.size() - at - 1);
    at = next;
  }
  return at + 1;
}

// Counts the frames without decoding their pixels (GIF89a, 17 to 26).
std::uint32_t count_frames(std::string& bytes) {
  constexpr std::size_t header_bytes = 13;
  constexpr std::size_t descriptor_bytes = 10;
  std::uint32_t count = 0;
  auto at = header_bytes + color_table_bytes(static_cast<unsigned>(big_endian(bytes, 10, 1)));
  while (at < bytes.size()) {
    if (bytes[at] == '!') {
      at = after_blocks(bytes, at + 2);
    } else if (bytes[at] == ',') {
      ++count;
      at +=
        descriptor_bytes + color_table_bytes(static_cast<unsigned>(big_endian(bytes, at + 9, 1)));
      at = after_blocks(bytes, at + 1); // after the least size of its codes
    } else {
      break; // the trailer, or damage that the decoder will meet
    }
  }
  return count;
}

class gif_animation : public animation {
public:
  explicit gif_animation(std::string bytes) : from_{std::move(bytes)} {}

  result<> open(const limits& max) {
    int failed = 0;
    gif_.reset(DGifOpen(&from_, read_some, &failed));
    if (!gif_)
      return damaged(failed);
    size = {static_cast<std::uint32_t>(std::max(0, gif_->SWidth)),
            static_cast<std::uint32_t>(std::max(0, gif_->SHeight))};
    if (auto allowed = check_size(size, max); !allowed)
      return allowed;
    frames = count_frames(from_.bytes);
    if (frames > max.max_frames)
      return fail(errc::too_large, std::to_string(frames) + " frames");
    loops = 1; // unless an extension says otherwise
    return {};
  }

  result<std::optional<animation_frame>> next() override {
    for (;;) {
      GifRecordType record{};
      if (DGifGetRecordType(gif_.get(), &record) == GIF_ERROR)
        // A file that ends where a frame does lacks no more than its end mark.
        return end_at(damaged(gif_->Error), from_.at < from_.bytes.size());
      if (record == TERMINATE_RECORD_TYPE)
        return std::optional<animation_frame>{};
      if (record == EXTENSION_RECORD_TYPE) {
        if (auto read = read_extension(); !read)
          return end_at(read.error(), true);
      } else if (record == IMAGE_DESC_RECORD_TYPE) {
        return read_frame();
      }
    }
  }

private:
  // The frames that were there are the animation.
  result<std::optional<animation_frame>> end_at(const error& why, bool lacks_pixels) {
    if (!has_frame_)
      return fail(why);
    is_incomplete = is_incomplete || lacks_pixels;
    return std::optional<animation_frame>{};
  }

  static error damaged(int code) {
    const auto* text = GifErrorString(code);
    return fail(errc::corrupt_media, std::string{"giflib: "} + (text != nullptr ? text : "damage"));
  }

  result<> read_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif_.get(), &code, &block) == GIF_ERROR)
      return damaged(gif_->Error);
    bool is_loop = false;
    while (block != nullptr) {
      const std::string_view bytes{reinterpret_cast<const char*>(block + 1), block[0]};
      if (code == GRAPHICS_EXT_FUNC_CODE)
        DGifExtensionToGCB(bytes.size(), block + 1, &control_);
      if (is_loop && bytes.size() == 3 && bytes[0] == 1) {
        // How often it comes again, after the first time; 0: without end.
        const auto again = static_cast<std::uint32_t>(little_endian(bytes, 1, 2));
        loops = again == 0 ? 0 : again + 1;
      }
      is_loop = code == APPLICATION_EXT_FUNC_CODE && bytes.starts_with("NETSCAPE2.0");
      if (DGifGetExtensionNext(gif_.get(), &block) == GIF_ERROR)
        return damaged(gif_->Error);
    }
    return {};
  }

  result<std::optional<animation_frame>> read_frame() {
    if (canvas_.pixels.empty())
      canvas_ = picture{size.width, size.height, 4};
    else
      dispose();
    if (DGifGetImageDesc(gif_.get()) == GIF_ERROR)
      return damaged(gif_->Error);
    if (control_.DisposalMode == DISPOSE_PREVIOUS)
      before_ = canvas_;
    else
      before_ = {};
    if (auto drawn = draw(); !drawn) {
      if (has_frame_ || drawn_lines_ == 0)
        return end_at(drawn.error(), true);
      is_incomplete = true; // its next record is where its lines should have been
    }
    has_frame_ = true;
    disposal_ = control_.DisposalMode;
    const auto hundredths = static_cast<std::uint32_t>(std::max(0, control_.DelayTime));
    control_ = {DISPOSAL_UNSPECIFIED, false, 0, NO_TRANSPARENT_COLOR};
    return std::optional{animation_frame{canvas_, hundredths * 10}};
  }

  // Does to the canvas what the frame before has asked for (disposal, GIF89a, 23.c.iv).
  void dispose() {
    if (disposal_ == DISPOSE_PREVIOUS && !before_.pixels.empty()) {
      canvas_ = before_;
    } else if (disposal_ == DISPOSE_BACKGROUND) {
      const auto right = std::min(left_ + width_, size.width);
      for (auto y = top_; y < std::min(top_ + height_, size.height) && left_ < right; ++y)
        std::memset(canvas_.row(y) + std::size_t{left_} * 4, 0, std::size_t{right - left_} * 4);
    }
  }

  result<> draw() {
    const auto& place = gif_->Image;
    left_ = static_cast<std::uint32_t>(std::max(0, place.Left));
    top_ = static_cast<std::uint32_t>(std::max(0, place.Top));
    width_ = static_cast<std::uint32_t>(std::max(0, place.Width));
    height_ = static_cast<std::uint32_t>(std::max(0, place.Height));
    const auto* colors = place.ColorMap != nullptr ? place.ColorMap : gif_->SColorMap;
    if (colors == nullptr || width_ == 0 || height_ == 0)
      return fail(errc::corrupt_media, "giflib: a frame without colours or size");
    std::vector<GifPixelType> line(width_);
    constexpr std::array<std::array<std::uint32_t, 2>, 4> passes{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<std::array<std::uint32_t, 2>, 1> once{{{0, 1}}};
    const auto steps = place.Interlace ? std::span<const std::array<std::uint32_t, 2>>{passes}
                                       : std::span<const std::array<std::uint32_t, 2>>{once};
    for (std::size_t pass = 0; pass < steps.size(); ++pass) {
      const auto [first, step] = steps[pass];
      for (auto y = first; y < height_; y += step) {
        if (DGifGetLine(gif_.get(), line.data(), static_cast<int>(width_)) == GIF_ERROR) {
          const auto why = damaged(gif_->Error);
          if (place.Interlace)
            repeat_lines(pass, y);
          return why;
        }
        ++drawn_lines_;
        if (top_ + y < size.height)
          draw_line(line, *colors, canvas_.row(top_ + y));
      }
    }
    return {};
  }

  // An interlaced frame ends in one of its four passes (GIF89a, appendix E), at line @p end: a line
  // that is missing becomes the one above it, as browsers show a frame that is still coming.
  void repeat_lines(std::size_t pass, std::uint32_t end) {
    constexpr std::uint32_t first_step = 8;
    const auto pass_of = [](std::uint32_t y) -> std::size_t {
      return y % 8 == 0 ? 0U : y % 8 == 4 ? 1U : y % 4 == 2 ? 2U : 3U;
    };
    const auto left = std::min(left_, size.width);
    const auto bytes = std::size_t{std::min(width_, size.width - left)} * 4;
    std::uint32_t newest = 0;
    for (std::uint32_t y = 0; y < height_ && top_ + y < size.height; ++y) {
      if (pass_of(y) < pass || (pass_of(y) == pass && y < end))
        newest = y;
      else if (y > newest && y - newest < first_step)
        std::memcpy(canvas_.row(top_ + y) + std::size_t{left} * 4,
                    canvas_.row(top_ + y - 1) + std::size_t{left} * 4, bytes);
    }
  }

  void draw_line(const std::vector<GifPixelType>& line, const ColorMapObject& colors,
                 std::uint8_t* row) const {
    for (std::uint32_t x = 0; x < width_ && left_ + x < size.width; ++x) {
      if (line[x] == control_.TransparentColor || line[x] >= colors.ColorCount)
        continue;
      const auto& color = colors.Colors[line[x]];
      auto* out = row + std::size_t{left_ + x} * 4;
      out[0] = color.Red;
      out[1] = color.Green;
      out[2] = color.Blue;
      out[3] = 255;
    }
  }

  byte_reader from_;
  gif_handle gif_;
  picture canvas_;
  picture before_; ///< What the current frame covers, if the disposal restores it.
  GraphicsControlBlock control_{DISPOSAL_UNSPECIFIED, false, 0, NO_TRANSPARENT_COLOR};
  int disposal_ = DISPOSAL_UNSPECIFIED;
  bool has_frame_ = false;        ///< A frame has been handed out.
  std::uint32_t drawn_lines_ = 0; ///< Lines of all frames that could be read.
  std::uint32_t left_ = 0, top_ = 0, width_ = 0, height_ = 0;
};

} // namespace

result<std::unique_ptr<animation>> open_gif(const opened_file& file, const limits& max) {
  auto bytes = read_file(file, max_file_bytes);
  if (!bytes)
    return fail(bytes.error());
  auto opened = std::make_unique<gif_animation>(std::move(*bytes));
  if (auto ok = opened->open(max); !ok)
    return fail(ok.error());
  return std::unique_ptr<animation>{std::move(opened)};
}

} // namespace mediad::media
