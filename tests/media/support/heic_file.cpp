#include "tests/media/support/heic_file.hpp"

#include <cstring>
#include <libheif/heif.h>
#include <memory>
#include <stdexcept>

namespace mediad::tests {
namespace {

using context_ptr = std::unique_ptr<heif_context, decltype(&heif_context_free)>;
using encoder_ptr = std::unique_ptr<heif_encoder, decltype(&heif_encoder_release)>;
using options_ptr = std::unique_ptr<heif_encoding_options, decltype(&heif_encoding_options_free)>;
using image_ptr = std::unique_ptr<const heif_image, decltype(&heif_image_release)>;
using handle_ptr = std::unique_ptr<heif_image_handle, decltype(&heif_image_handle_release)>;

void check(const heif_error& e) {
  if (e.code != heif_error_Ok)
    throw std::runtime_error{e.message};
}

image_ptr image_of(const media::picture& p) {
  heif_image* raw = nullptr;
  const auto width = static_cast<int>(p.width);
  const auto height = static_cast<int>(p.height);
  check(heif_image_create(width, height, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &raw));
  image_ptr image{raw, heif_image_release};
  check(heif_image_add_plane(raw, heif_channel_interleaved, width, height, 8));
  int stride = 0;
  auto* rows = heif_image_get_plane(raw, heif_channel_interleaved, &stride);
  for (std::uint32_t y = 0; y < p.height; ++y)
    std::memcpy(rows + std::size_t{y} * static_cast<std::size_t>(stride), p.row(y), p.stride());
  return image;
}

/// A file that is made.
class writer {
public:
  explicit writer(int orientation)
    : options_{heif_encoding_options_alloc(), heif_encoding_options_free} {
    options_->image_orientation = static_cast<heif_orientation>(orientation);
    heif_encoder* raw = nullptr;
    check(heif_context_get_encoder_for_format(context_.get(), heif_compression_HEVC, &raw));
    encoder_.reset(raw);
    check(heif_encoder_set_lossy_quality(raw, 90));
  }

  handle_ptr add(const media::picture& p) {
    heif_image_handle* raw = nullptr;
    const auto image = image_of(p);
    check(
      heif_context_encode_image(context_.get(), image.get(), encoder_.get(), options_.get(), &raw));
    return {raw, heif_image_handle_release};
  }

  heif_context* context() {
    return context_.get();
  }

  std::string bytes() {
    std::string made;
    heif_writer to{1, [](heif_context*, const void* data, std::size_t size, void* into) {
                     static_cast<std::string*>(into)->assign(static_cast<const char*>(data), size);
                     return heif_error{heif_error_Ok, heif_suberror_Unspecified, "ok"};
                   }};
    check(heif_context_write(context_.get(), &to, &made));
    return made;
  }

private:
  context_ptr context_{heif_context_alloc(), heif_context_free};
  options_ptr options_;
  encoder_ptr encoder_{nullptr, heif_encoder_release};
};

} // namespace

std::string heic(const media::picture& whole, int orientation) {
  writer to{orientation};
  to.add(whole);
  return to.bytes();
}

std::string heic_with_thumbnail(const media::picture& whole, const media::picture& thumbnail,
                                int orientation) {
  writer to{orientation};
  const auto small = to.add(thumbnail);
  const auto large = to.add(whole);
  check(heif_context_set_primary_image(to.context(), large.get()));
  check(heif_context_assign_thumbnail(to.context(), large.get(), small.get()));
  // libheif 1.15 takes the one for the other, so the reference (ISO/IEC 14496-12, 8.11.12) is set
  // here: from the thumbnail, to one item, the picture.
  auto bytes = to.bytes();
  const auto reference = bytes.find("thmb");
  bytes.replace(reference + 4, 6, std::string{"\0\1\0\1\0\2", 6});
  return bytes;
}

} // namespace mediad::tests

#ifdef __SANITIZE_ADDRESS__
// x265, which writes the HEIC files of these tests, leaks when it is closed; nothing of ours does.
extern "C" const char*
__lsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier): its name
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libx265.so";
}
#endif
