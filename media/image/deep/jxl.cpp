#include "media/image/deep/jxl.hpp"

#include "media/bytes/boxes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/picture/color.hpp"

#include <jxl/decode.h>
#include <memory>
#include <string>

namespace mediad::media {
namespace {

struct destroy_decoder {
  void operator()(JxlDecoder* decoder) const noexcept {
    JxlDecoderDestroy(decoder);
  }
};
using decoder_handle = std::unique_ptr<JxlDecoder, destroy_decoder>;

error damaged(const char* what) {
  return fail(errc::corrupt_media, std::string{"libjxl: "} + what);
}

// Debian 12's libjxl wants to be told a pixel format, which it does not use; newer ones do not.
template <class Size, class Get, class Decoder>
std::vector<std::uint8_t> profile_by(Size size, Get get, Decoder* decoder) {
  constexpr auto shown = JXL_COLOR_PROFILE_TARGET_DATA;
  std::size_t bytes = 0;
  std::vector<std::uint8_t> profile;
  if constexpr (requires { size(decoder, shown, &bytes); }) {
    if (size(decoder, shown, &bytes) != JXL_DEC_SUCCESS || bytes > max_icc_bytes)
      return {};
    profile.resize(bytes);
    if (get(decoder, shown, profile.data(), bytes) != JXL_DEC_SUCCESS)
      return {};
  } else {
    if (size(decoder, nullptr, shown, &bytes) != JXL_DEC_SUCCESS || bytes > max_icc_bytes)
      return {};
    profile.resize(bytes);
    if (get(decoder, nullptr, shown, profile.data(), bytes) != JXL_DEC_SUCCESS)
      return {};
  }
  return profile;
}

/// Takes what libjxl finds, one event after the other.
class jxl_reader {
public:
  jxl_reader(std::span<const std::uint8_t> bytes, const limits& max)
    : max_{max}, decoder_{JxlDecoderCreate(nullptr)} { // without a runner: on this thread
    if (!decoder_)
      throw std::bad_alloc{};
    JxlDecoderSubscribeEvents(decoder_.get(),
                              JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
    JxlDecoderSetInput(decoder_.get(), bytes.data(), bytes.size());
    JxlDecoderCloseInput(decoder_.get());
  }

  result<stored_image> read() {
    for (;;) {
      switch (JxlDecoderProcessInput(decoder_.get())) {
      case JXL_DEC_BASIC_INFO:
        if (auto allowed = take_size(); !allowed)
          return fail(allowed.error());
        break;
      case JXL_DEC_COLOR_ENCODING:
        image_.icc =
          profile_by(JxlDecoderGetICCProfileSize, JxlDecoderGetColorAsICCProfile, decoder_.get());
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
        if (auto ready = give_room(); !ready)
          return fail(ready.error());
        break;
      case JXL_DEC_FULL_IMAGE: return finished();
      case JXL_DEC_NEED_MORE_INPUT:
      case JXL_DEC_ERROR: return what_is_there();
      default: return damaged("the file ends before its picture");
      }
    }
  }

private:
  result<> take_size() {
    JxlBasicInfo about{};
    if (JxlDecoderGetBasicInfo(decoder_.get(), &about) != JXL_DEC_SUCCESS)
      return damaged("no header");
    image_.full = {about.xsize, about.ysize}; // of the upright picture, as its pixels will be
    has_alpha_ = about.alpha_bits > 0;
    return check_size(image_.full, max_);
  }

  result<> give_room() {
    const JxlPixelFormat format{has_alpha_ ? 4U : 3U, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    image_.pixels = picture{image_.full.width, image_.full.height, format.num_channels};
    auto& pixels = image_.pixels.pixels;
    if (JxlDecoderSetImageOutBuffer(decoder_.get(), &format, pixels.data(), pixels.size())
        != JXL_DEC_SUCCESS)
      return damaged("the header changes its mind about its size");
    return {};
  }

  result<stored_image> what_is_there() {
    if (image_.pixels.pixels.empty() || JxlDecoderFlushImage(decoder_.get()) != JXL_DEC_SUCCESS)
      return damaged("the file is damaged or cut off");
    image_.is_incomplete = true;
    return finished();
  }

  result<stored_image> finished() {
    image_.pixels = without_needless_alpha(std::move(image_.pixels));
    return std::move(image_);
  }

  const limits& max_;
  decoder_handle decoder_;
  stored_image image_;
  bool has_alpha_ = false;
};

// Boxes that are not packed (ISO/IEC 18181-2, 9.3 and 9.5). A codestream alone has none.
file_facts facts_in(const opened_file& file) {
  const auto bytes = file_bytes::of(file);
  std::string exif;
  std::string xmp;
  if (bytes)
    each_box(*bytes, 0, bytes->size(), [&](const box& part) {
      const auto content = [&] {
        return bytes->read(part.begin, static_cast<std::size_t>(part.end - part.begin));
      };
      if (part.type == "Exif" && exif.empty())
        exif = content();
      else if (part.type == "xml " && xmp.empty())
        xmp = content();
    });
  constexpr std::size_t offset_bytes = 4; // from behind it to the TIFF header
  const auto at = offset_bytes + static_cast<std::size_t>(big_endian(exif, 0, offset_bytes));
  const std::span all{reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()};
  return picture_facts(at < all.size() ? all.subspan(at) : all.first(0), xmp);
}

} // namespace

result<stored_image> read_jxl(const opened_file& file, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  auto image = jxl_reader{mapped->bytes(), max}.read();
  if (image)
    image->facts = facts_in(file);
  return image;
}

} // namespace mediad::media
