#include "media/image/deep/jpeg2000.hpp"

#include "media/bytes/file_bytes.hpp"
#include "media/picture/color.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <openjpeg.h>
#include <string>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

// The size that the SIZ marker claims, which follows the start of the code stream at once (ISO/IEC
// 15444-1, A.5.1): OpenJPEG allocates while it reads the header. 0 x 0 if there is none.
extent claimed_size(std::string_view head) {
  const auto at = head.find("\xFF\x4F\xFF\x51"sv);
  if (at == std::string_view::npos)
    return {};
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint32_t>(big_endian(head, at + i, 4));
  };
  return {number(8) - std::min(number(16), number(8)),
          number(12) - std::min(number(20), number(12))};
}

struct destroy_stream {
  void operator()(opj_stream_t* stream) const noexcept {
    opj_stream_destroy(stream);
  }
};
struct destroy_codec {
  void operator()(opj_codec_t* codec) const noexcept {
    opj_destroy_codec(codec);
  }
};
struct destroy_image {
  void operator()(opj_image_t* image) const noexcept {
    opj_image_destroy(image);
  }
};
using stream_handle = std::unique_ptr<opj_stream_t, destroy_stream>;
using codec_handle = std::unique_ptr<opj_codec_t, destroy_codec>;
using image_handle = std::unique_ptr<opj_image_t, destroy_image>;

error damaged(const char* what) {
  return fail(errc::corrupt_media, std::string{"OpenJPEG: "} + what);
}

// How often the sides can be halved, and must be for no more than twice what is wanted.
unsigned halvings(opj_codec_t* codec, double least) {
  auto* about = opj_get_cstr_info(codec);
  if (about == nullptr || about->m_default_tile_info.tccp_info == nullptr)
    return 0;
  unsigned most = about->m_default_tile_info.tccp_info[0].numresolutions;
  for (OPJ_UINT32 i = 1; i < about->nbcomps; ++i)
    most = std::min(most, about->m_default_tile_info.tccp_info[i].numresolutions);
  opj_destroy_cstr_info(&about);
  unsigned count = 0;
  while (count + 1 < most && least * 4 <= 1) {
    ++count;
    least *= 2;
  }
  return count;
}

/// One channel, whose samples may cover several pixels.
class channel {
public:
  channel() = default;
  channel(const opj_image_comp_t& part, extent size) : part_{&part}, size_{size} {}

  /// Its sample for this pixel, 0..255.
  std::uint8_t at(std::uint32_t x, std::uint32_t y) const {
    const auto column = std::uint64_t{x} * part_->w / size_.width;
    const auto row = std::uint64_t{y} * part_->h / size_.height;
    const auto most = (std::int64_t{1} << part_->prec) - 1;
    const auto raw = std::int64_t{part_->data[row * part_->w + column]}
                     + (part_->sgnd != 0 ? std::int64_t{1} << (part_->prec - 1) : 0);
    const auto value = std::clamp<std::int64_t>(raw, 0, most);
    return static_cast<std::uint8_t>((value * 255 + most / 2) / most);
  }
  bool is_readable() const {
    return part_->data != nullptr && part_->w > 0 && part_->h > 0 && part_->prec >= 1
           && part_->prec <= 31;
  }

private:
  const opj_image_comp_t* part_ = nullptr;
  extent size_;
};

/// What the channels of a picture mean.
struct channel_plan {
  std::array<channel, 4> colors;
  std::size_t count = 0; ///< Number of colours: 1 (gray), 3, or 4 (inks).
  channel alpha;
  bool has_alpha = false;
  bool is_ycc = false;
};

extent decoded_size(const opj_image_t& image) {
  extent size;
  for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
    size.width = std::max(size.width, image.comps[i].w);
    size.height = std::max(size.height, image.comps[i].h);
  }
  return size;
}

// A fourth channel beside three, or a second beside one, is alpha unless the file says otherwise.
channel_plan plan_for(const opj_image_t& image, extent size) {
  channel_plan plan;
  const bool has_inks = image.color_space == OPJ_CLRSPC_CMYK;
  const std::size_t most = has_inks ? 4 : 3;
  for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
    const auto& part = image.comps[i];
    const bool is_alpha =
      part.alpha != 0 || plan.count == most || (plan.count == 1 && i == 1 && image.numcomps == 2);
    if (is_alpha && !plan.has_alpha) {
      plan.alpha = channel{part, size};
      plan.has_alpha = true;
    } else if (!is_alpha) {
      plan.colors.at(plan.count++) = channel{part, size};
    }
  }
  if (plan.count == 2)
    plan.count = 1;
  const bool is_halved = image.numcomps >= 3 && image.comps[0].dx == 1 && image.comps[1].dx > 1;
  plan.is_ycc = plan.count == 3
                && (image.color_space == OPJ_CLRSPC_SYCC || image.color_space == OPJ_CLRSPC_EYCC
                    || (image.color_space != OPJ_CLRSPC_SRGB && is_halved));
  return plan;
}

// ITU-R BT.601 in the full range, as sYCC has it.
void to_rgb(std::uint8_t* pixel) {
  const double y = pixel[0];
  const double blue = pixel[1] - 128.0;
  const double red = pixel[2] - 128.0;
  const auto byte = [](double value) {
    return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
  };
  pixel[0] = byte(y + 1.402 * red);
  pixel[1] = byte(y - 0.344136 * blue - 0.714136 * red);
  pixel[2] = byte(y + 1.772 * blue);
}

picture to_picture(const channel_plan& plan, extent size, const std::vector<std::uint8_t>& icc) {
  picture made{size.width, size.height, plan.has_alpha ? 4U : 3U};
  const bool has_inks = plan.count == 4;
  const cmyk_converter converter{icc, false};
  std::vector<std::uint8_t> inks(std::size_t{size.width} * 4);
  std::vector<std::uint8_t> colors(std::size_t{size.width} * 3);
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      auto* to = has_inks ? &inks[std::size_t{x} * 4] : &colors[std::size_t{x} * 3];
      for (std::size_t c = 0; c < (has_inks ? 4 : 3); ++c)
        to[c] = plan.colors.at(plan.count == 1 ? 0 : c).at(x, y);
      if (plan.is_ycc)
        to_rgb(to);
    }
    if (has_inks)
      converter.convert(inks.data(), colors.data(), size.width);
    auto* row = made.row(y);
    for (std::uint32_t x = 0; x < size.width; ++x, row += made.channels) {
      std::copy_n(&colors[std::size_t{x} * 3], 3, row);
      if (plan.has_alpha)
        row[3] = plan.alpha.at(x, y);
    }
  }
  return without_needless_alpha(std::move(made));
}

result<stored_image> assemble(const opj_image_t& image, stored_image made) {
  const auto size = decoded_size(image);
  const auto plan = plan_for(image, size);
  if (plan.count == 0)
    return damaged("a picture without colours");
  for (std::size_t c = 0; c < plan.count; ++c)
    if (!plan.colors.at(c).is_readable())
      return damaged("a channel is missing");
  if (plan.has_alpha && !plan.alpha.is_readable())
    return damaged("a channel is missing");
  std::vector<std::uint8_t> icc;
  if (image.icc_profile_buf != nullptr && image.icc_profile_len > 0
      && image.icc_profile_len <= max_icc_bytes)
    icc.assign(image.icc_profile_buf, image.icc_profile_buf + image.icc_profile_len);
  made.pixels = to_picture(plan, size, icc);
  if (plan.count < 4) // else it has been used
    made.icc = std::move(icc);
  return made;
}

} // namespace

result<stored_image> read_jpeg2000(const opened_file& file, std::string_view media_type,
                                   wanted_size wanted, const limits& max) {
  const auto bytes = file_bytes::of(file);
  if (!bytes)
    return fail(bytes.error());
  stored_image made;
  made.full = claimed_size(bytes->head());
  if (auto allowed = check_size(made.full, max); !allowed)
    return fail(allowed.error());
  const stream_handle stream{opj_stream_create_default_file_stream(file.name().c_str(), OPJ_TRUE)};
  const codec_handle codec{
    opj_create_decompress(media_type == "image/j2c" ? OPJ_CODEC_J2K : OPJ_CODEC_JP2)};
  opj_dparameters_t how;
  opj_set_default_decoder_parameters(&how);
  if (!stream || !codec || opj_setup_decoder(codec.get(), &how) == OPJ_FALSE)
    return damaged("the file cannot be opened");
  opj_image_t* raw = nullptr;
  const auto has_header = opj_read_header(stream.get(), codec.get(), &raw);
  const image_handle image{raw};
  if (has_header == OPJ_FALSE || !image || image->numcomps == 0 || image->x1 <= image->x0
      || image->y1 <= image->y0)
    return damaged("no header");
  made.full = {image->x1 - image->x0, image->y1 - image->y0};
  if (auto allowed = check_size(made.full, max); !allowed)
    return fail(allowed.error());
  const auto halved = halvings(codec.get(), wanted.min_scale(made.full, 1));
  if (opj_set_decoded_resolution_factor(codec.get(), halved) == OPJ_FALSE
      || opj_decode(codec.get(), stream.get(), image.get()) == OPJ_FALSE)
    return damaged("the picture is damaged or cut off");
  return assemble(*image, std::move(made));
}

} // namespace mediad::media
