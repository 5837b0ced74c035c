#include "media/image/animation.hpp"

#include "media/encode/encode.hpp"
#include "media/job/facts.hpp"
#include "media/picture/color.hpp"
#include "media/picture/resize.hpp"

#include <algorithm>
#include <utility>
#include <webp/encode.h>
#include <webp/mux.h>

namespace mediad::media {
namespace {

struct delete_encoder {
  void operator()(WebPAnimEncoder* encoder) const noexcept {
    WebPAnimEncoderDelete(encoder);
  }
};
using encoder_handle = std::unique_ptr<WebPAnimEncoder, delete_encoder>;

struct webp_bytes : WebPData {
  webp_bytes() : WebPData{} {}
  webp_bytes(const webp_bytes&) = delete;
  webp_bytes& operator=(const webp_bytes&) = delete;
  ~webp_bytes() {
    WebPDataClear(this);
  }
};

struct webp_frame : WebPPicture {
  webp_frame() : WebPPicture{} {
    if (WebPPictureInit(this) == 0)
      throw std::runtime_error{"libwebp is of another version than its headers"};
  }
  webp_frame(const webp_frame&) = delete;
  webp_frame& operator=(const webp_frame&) = delete;
  ~webp_frame() {
    WebPPictureFree(this);
  }
};

// Browsers show frames as short as this for a tenth of a second, and files rely on it.
std::uint32_t shown_for(std::uint32_t milliseconds) {
  constexpr std::uint32_t too_short = 10;
  constexpr std::uint32_t usual = 100;
  return milliseconds <= too_short ? usual : milliseconds;
}

error encoder_failure(WebPAnimEncoder* encoder) {
  return fail(errc::internal, std::string{"libwebpmux: "} + WebPAnimEncoderGetError(encoder));
}

class animation_writer {
public:
  animation_writer(extent size, std::uint32_t loops, const image_options& options) : size_{size} {
    WebPAnimEncoderOptions how;
    if (WebPAnimEncoderOptionsInit(&how) == 0)
      throw std::runtime_error{"libwebpmux is of another version than its headers"};
    how.anim_params.loop_count = static_cast<int>(std::min(loops, 65'535U));
    encoder_.reset(
      WebPAnimEncoderNew(static_cast<int>(size.width), static_cast<int>(size.height), &how));
    if (!encoder_
        || WebPConfigPreset(&config_, WEBP_PRESET_DRAWING, static_cast<float>(options.webp_quality))
             == 0)
      throw std::bad_alloc{};
    config_.method = options.webp_method;
  }

  result<> add(const animation_frame& frame, std::span<const std::uint8_t> icc) {
    auto small = resize(frame.canvas, size_);
    if (!small)
      return fail(small.error());
    to_srgb(*small, icc);
    webp_frame target;
    target.use_argb = 1;
    target.width = static_cast<int>(size_.width);
    target.height = static_cast<int>(size_.height);
    if (WebPPictureImportRGBA(&target, small->pixels.data(), static_cast<int>(small->stride())) == 0
        || WebPAnimEncoderAdd(encoder_.get(), &target, at_ms_, &config_) == 0)
      return encoder_failure(encoder_.get());
    at_ms_ += static_cast<int>(std::min(shown_for(frame.milliseconds), max_frame_ms));
    return {};
  }

  result<std::string> finish() {
    webp_bytes made;
    if (WebPAnimEncoderAdd(encoder_.get(), nullptr, at_ms_, nullptr) == 0
        || WebPAnimEncoderAssemble(encoder_.get(), &made) == 0)
      return encoder_failure(encoder_.get());
    return std::string{reinterpret_cast<const char*>(made.bytes), made.size};
  }

private:
  static constexpr std::uint32_t max_frame_ms = 60'000; // a longer one stands still anyway
  extent size_;
  encoder_handle encoder_;
  WebPConfig config_{};
  int at_ms_ = 0;
};

} // namespace

result<stored_image> first_frame(animation& moving) {
  auto frame = moving.next();
  if (!frame)
    return fail(frame.error());
  if (!*frame)
    return fail(errc::corrupt_media, "an animation without frames");
  stored_image image;
  image.full = moving.size;
  image.icc = moving.icc;
  image.pixels = without_needless_alpha(std::move((*frame)->canvas));
  image.is_incomplete = moving.is_incomplete;
  return image;
}

result<> write_animation(animation& moving, const job_context& context, job_result& done) {
  const auto& options = context.options.image;
  const auto size = fit_box(moving.size, options.animation_box);
  auto frame = moving.next(); // before it, the file may not have said how often it is shown
  animation_writer writer{size, moving.loops, options};
  std::uint32_t count = 0;
  while (frame && *frame) {
    if (auto added = writer.add(**frame, moving.icc); !added)
      return added;
    ++count;
    context.progress(0.5 + 0.5 * std::min(1.0, static_cast<double>(count) / moving.frames));
    frame = moving.next();
  }
  if (!frame)
    return fail(frame.error());
  if (count < 2)
    return {}; // the others are not there
  auto file = write_encoded(writer.finish(), size, context.output / "animation.webp", "image/webp");
  if (!file)
    return fail(file.error());
  done.files.push_back(std::move(*file));
  facts found{std::move(done.media)};
  found.add("frames", count);
  done.media = std::move(found).text();
  return {};
}

} // namespace mediad::media
