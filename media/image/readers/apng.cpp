#include "media/image/readers/apng.hpp"

#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/png_decoder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <zlib.h>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr auto signature = "\x89PNG\r\n\x1A\n"sv;
constexpr std::size_t chunk_frame_bytes = 12; // length, type, checksum

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t count = 4) {
  return static_cast<std::uint32_t>(big_endian(bytes, at, count));
}

/// One chunk; `type` is empty at the end of the file, where a chunk may be cut off.
struct chunk {
  std::string_view type;
  std::string_view content;
  bool is_whole = false;
};

chunk chunk_at(std::string_view bytes, std::size_t at) {
  if (at + 8 > bytes.size())
    return {};
  const auto length = number(bytes, at);
  const auto content = bytes.substr(at + 8, length);
  return {bytes.substr(at + 4, 4), content,
          content.size() == length && bytes.size() - at - chunk_frame_bytes >= length};
}

void append_number(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 0xFFU);
}

void append_chunk(std::string& to, std::string_view type, std::string_view content) {
  append_number(to, static_cast<std::uint32_t>(content.size()));
  const auto from = to.size();
  to.append(type).append(content);
  const auto checksum = ::crc32(0, reinterpret_cast<const Bytef*>(to.data() + from),
                                static_cast<uInt>(to.size() - from));
  append_number(to, static_cast<std::uint32_t>(checksum));
}

/// What an fcTL chunk says (11.3.6.2).
struct frame_control {
  extent size;
  std::uint32_t left = 0, top = 0;
  std::uint32_t milliseconds = 0;
  enum class disposal : std::uint8_t { none, background, previous } disposed = disposal::none;
  bool is_blended = false;
};

frame_control parse_control(std::string_view content) {
  constexpr std::uint32_t hundredths = 100; // what a denominator of 0 means
  frame_control c;
  c.size = {number(content, 4), number(content, 8)};
  c.left = number(content, 12);
  c.top = number(content, 16);
  const auto denominator = number(content, 22, 2);
  c.milliseconds = number(content, 20, 2) * 1000 / (denominator == 0 ? hundredths : denominator);
  const auto disposed = number(content, 24, 1);
  c.disposed = disposed == 1   ? frame_control::disposal::background
               : disposed == 2 ? frame_control::disposal::previous
                               : frame_control::disposal::none;
  c.is_blended = number(content, 25, 1) == 1;
  return c;
}

// Lays @p over on what is under it (source-over; no value is premultiplied).
void blend(const std::uint8_t* over, std::uint8_t* under) {
  const unsigned front = over[3];
  if (front == 255 || under[3] == 0) {
    std::copy_n(over, 4, under);
    return;
  }
  if (front == 0)
    return;
  const unsigned back = under[3] * (255 - front) / 255;
  const unsigned all = front + back;
  for (std::size_t c = 0; c < 3; ++c)
    under[c] = static_cast<std::uint8_t>((over[c] * front + under[c] * back + all / 2) / all);
  under[3] = static_cast<std::uint8_t>(all);
}

class png_animation : public animation {
public:
  explicit png_animation(mapped_file file) : file_{std::move(file)} {}

  /// @returns whether it moves.
  result<bool> open(const limits& max) {
    max_ = &max;
    const auto bytes = file_.text();
    const auto claimed = claimed_png_size(bytes);
    if (!bytes.starts_with(signature) || !claimed)
      return false; // the reader of still pictures knows why
    size = *claimed;
    at_ = signature.size();
    if (!read_until_pixels() || frames < 2)
      return false;
    const auto begin = at_;
    if (!find_control())
      return false;
    at_ = begin;
    if (auto allowed = check_size(size, max); !allowed)
      return fail(allowed.error());
    if (frames > max.max_frames)
      return fail(errc::too_large, std::to_string(frames) + " frames");
    canvas_ = picture{size.width, size.height, 4};
    return true;
  }

  result<std::optional<animation_frame>> next() override {
    dispose();
    if (!find_control())
      return end();
    std::string png = beginning_;
    png.replace(0, 0, header_of(control_.size));
    if (!gather_pixels(png))
      return end();
    stored_image part;
    part.full = control_.size;
    const auto decoded = decode_png(png, *max_, part);
    if (!decoded || (part.is_incomplete && delivered_ > 0))
      return end();
    is_incomplete = is_incomplete || part.is_incomplete;
    if (icc.empty())
      icc = part.icc;
    if (control_.disposed == frame_control::disposal::previous)
      before_ = canvas_;
    draw(part.pixels);
    ++delivered_;
    return std::optional{animation_frame{canvas_, control_.milliseconds}};
  }

private:
  // Keeps the chunks that every frame needs. The picture itself is the first frame if a control
  // stands before it; else it is only for viewers that know no animation.
  bool read_until_pixels() {
    std::size_t first_control = 0;
    for (auto c = chunk_at(file_.text(), at_); c.is_whole && c.type != "IDAT"; c = advance(c)) {
      if (c.type == "IHDR") {
        depth_and_color_ = c.content.substr(std::min<std::size_t>(8, c.content.size()));
      } else if (c.type == "acTL") {
        frames = number(c.content, 0);
        loops = number(c.content, 4);
      } else if (c.type == "fcTL") {
        first_control = at_;
      } else if (c.type == "PLTE" || c.type == "tRNS" || c.type == "iCCP" || c.type == "gAMA"
                 || c.type == "sRGB") {
        append_chunk(beginning_, c.type, c.content);
      }
    }
    at_ = first_control != 0 ? first_control : at_;
    return depth_and_color_.size() == 5;
  }

  chunk advance(const chunk& c) {
    at_ += chunk_frame_bytes + c.content.size();
    return chunk_at(file_.text(), at_);
  }

  bool find_control() {
    auto c = chunk_at(file_.text(), at_);
    while (c.is_whole && c.type != "fcTL" && c.type != "IEND")
      c = advance(c);
    if (!c.is_whole || c.type == "IEND")
      return false;
    const auto control = parse_control(c.content);
    advance(c);
    const auto fits = [](std::uint32_t from, std::uint32_t length, std::uint32_t all) {
      return length > 0 && length <= all && from <= all - length;
    };
    if (!fits(control.left, control.size.width, size.width)
        || !fits(control.top, control.size.height, size.height))
      return false;
    control_ = control;
    return true;
  }

  std::string header_of(extent frame) const {
    std::string content;
    append_number(content, frame.width);
    append_number(content, frame.height);
    content += depth_and_color_;
    std::string made{signature};
    append_chunk(made, "IHDR", content);
    return made;
  }

  // Joins the pixels of a frame, IDAT or fdAT, as one picture of its own has them.
  bool gather_pixels(std::string& png) {
    constexpr std::size_t sequence_bytes = 4;
    std::string pixels;
    for (auto c = chunk_at(file_.text(), at_);
         !c.type.empty() && c.type != "fcTL" && c.type != "IEND"; c = advance(c)) {
      if (c.type == "IDAT")
        pixels += c.content;
      else if (c.type == "fdAT")
        pixels += c.content.substr(std::min(sequence_bytes, c.content.size()));
      if (!c.is_whole)
        break;
    }
    append_chunk(png, "IDAT", pixels);
    append_chunk(png, "IEND", {});
    return !pixels.empty();
  }

  void draw(const picture& part) {
    for (std::uint32_t y = 0; y < part.height; ++y) {
      auto* to = canvas_.row(control_.top + y) + std::size_t{control_.left} * 4;
      const auto* from = part.row(y);
      for (std::uint32_t x = 0; x < part.width; ++x, to += 4, from += part.channels) {
        std::array<std::uint8_t, 4> color{0, 0, 0, 255};
        std::copy_n(from, part.channels, color.begin());
        if (control_.is_blended)
          blend(color.data(), to);
        else
          std::copy_n(color.begin(), 4, to);
      }
    }
  }

  // Does to the canvas what the frame before has asked for.
  void dispose() {
    if (delivered_ == 0)
      return;
    if (control_.disposed == frame_control::disposal::previous && !before_.pixels.empty())
      canvas_ = before_;
    else if (control_.disposed == frame_control::disposal::background)
      for (std::uint32_t y = 0; y < control_.size.height; ++y)
        std::fill_n(canvas_.row(control_.top + y) + std::size_t{control_.left} * 4,
                    std::size_t{control_.size.width} * 4, 0);
  }

  // Frames that are promised and do not come were cut off.
  result<std::optional<animation_frame>> end() {
    if (delivered_ == 0)
      return fail(errc::corrupt_media, "PNG: an animation without frames");
    is_incomplete = is_incomplete || delivered_ < frames;
    return std::optional<animation_frame>{};
  }

  mapped_file file_;
  const limits* max_ = nullptr;
  std::size_t at_ = 0; ///< The next chunk.
  std::string_view depth_and_color_;
  std::string beginning_; ///< The chunks between header and pixels.
  frame_control control_;
  std::uint32_t delivered_ = 0; ///< Frames that have been handed out.
  picture canvas_;
  picture before_; ///< What the current frame covers, if the disposal restores it.
};

} // namespace

result<std::unique_ptr<animation>> open_apng(const opened_file& file, const limits& max) {
  auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  auto opened = std::make_unique<png_animation>(std::move(*mapped));
  const auto moves = opened->open(max);
  if (!moves)
    return fail(moves.error());
  return *moves ? std::unique_ptr<animation>{std::move(opened)} : nullptr;
}

} // namespace mediad::media
