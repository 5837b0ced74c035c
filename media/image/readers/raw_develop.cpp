#include "media/image/readers/readers.hpp"

#include <libraw/libraw.h>
#include <memory>
#include <string>

namespace mediad::media {
namespace {

error describe_failure(int code) {
  const auto detail = std::string{"LibRaw: "} + libraw_strerror(code);
  switch (code) {
  case LIBRAW_FILE_UNSUPPORTED:
  case LIBRAW_NOT_IMPLEMENTED: return fail(errc::unsupported_media, detail);
  case LIBRAW_UNSUFFICIENT_MEMORY:
  case LIBRAW_TOO_BIG: return fail(errc::too_large, detail);
  default: return fail(errc::corrupt_media, detail);
  }
}

struct free_image {
  void operator()(libraw_processed_image_t* image) const noexcept {
    LibRaw::dcraw_clear_mem(image);
  }
};

// The sides as a viewer would show them: LibRaw turns by its own flip codes.
extent upright_size(const libraw_image_sizes_t& sizes) {
  constexpr int on_its_side = 4;
  const extent size{sizes.width, sizes.height};
  return (sizes.flip & on_its_side) != 0 ? extent{size.height, size.width} : size;
}

void limit_memory(LibRaw& raw) {
  constexpr unsigned megabytes = 1024;
#if LIBRAW_COMPILE_CHECK_VERSION_NOTLESS(0, 21)
  raw.imgdata.rawparams.max_raw_memory_mb = megabytes;
#else
  raw.imgdata.params.max_raw_memory_mb = megabytes;
#endif
}

} // namespace

result<stored_image> develop_raw(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto raw = std::make_unique<LibRaw>(); // half a megabyte
  auto& how = raw->imgdata.params;
  how.use_camera_wb = 1;
  how.output_color = 1; // sRGB
  how.output_bps = 8;
  limit_memory(*raw);
  if (const auto opened = raw->open_file(file.name().c_str()); opened != LIBRAW_SUCCESS)
    return describe_failure(opened);
  stored_image image;
  image.full = upright_size(raw->imgdata.sizes);
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const auto& sensor = raw->imgdata.sizes;
  if (auto allowed = check_size({sensor.raw_width, sensor.raw_height}, max); !allowed)
    return fail(allowed.error());
  // A square of four sensor cells is one pixel then: no colour has to be made up.
  how.half_size = wanted.min_scale(image.full, 1) <= 0.5 ? 1 : 0;
  if (const auto unpacked = raw->unpack(); unpacked != LIBRAW_SUCCESS)
    return describe_failure(unpacked);
  if (const auto developed = raw->dcraw_process(); developed != LIBRAW_SUCCESS)
    return describe_failure(developed);
  int failed = LIBRAW_SUCCESS;
  const std::unique_ptr<libraw_processed_image_t, free_image> made{
    raw->dcraw_make_mem_image(&failed)};
  if (!made)
    return describe_failure(failed);
  if (made->type != LIBRAW_IMAGE_BITMAP || made->bits != 8
      || (made->colors != 3 && made->colors != 1))
    return fail(errc::unsupported_media, "LibRaw: a picture of an unknown kind");
  image.pixels = picture{made->width, made->height, 3};
  const auto* in = made->data;
  for (auto out = image.pixels.pixels.begin(); out != image.pixels.pixels.end(); in += made->colors)
    for (std::size_t c = 0; c < 3; ++c)
      *out++ = in[made->colors == 3 ? c : 0];
  return image;
}

} // namespace mediad::media
