#include "media/bytes/exif.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/jpeg_averages.hpp"
#include "media/image/readers/jpeg_decoder.hpp"
#include "media/image/readers/jpeg_growing_source.hpp"
#include "media/image/readers/readers.hpp"

#include <algorithm>
#include <string>

namespace mediad::media {
namespace {

// The first APP1 segment that begins with @p name; empty if there is none.
std::span<const std::uint8_t> segment_of(const jpeg_decoder& codec, std::string_view name) {
  for (auto* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    const std::span<const std::uint8_t> bytes{marker->data, marker->data_length};
    if (marker->marker == JPEG_APP0 + 1 && bytes.size() > name.size()
        && std::equal(name.begin(), name.end(), bytes.begin()))
      return bytes;
  }
  return {};
}

std::vector<std::uint8_t> exif_of(const jpeg_decoder& codec) {
  constexpr std::string_view name{"Exif\0", 5};
  const auto bytes = segment_of(codec, name);
  return {bytes.begin(), bytes.end()};
}

// A packet of XMP (ISO 16684-3, 1.1.3); empty if there is none.
std::string_view xmp_of(const jpeg_decoder& codec) {
  constexpr std::string_view name{"http://ns.adobe.com/xap/1.0/\0", 29};
  const auto bytes = segment_of(codec, name);
  return bytes.empty()
           ? std::string_view{}
           : std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()}.substr(
             name.size());
}

result<> check_metadata(const jpeg_decoder& codec, const limits& max) {
  std::uint64_t bytes = 0;
  for (auto* marker = codec.marker_list; marker != nullptr; marker = marker->next)
    bytes += marker->data_length;
  if (bytes > max.max_metadata_bytes)
    return fail(errc::too_large, std::to_string(bytes) + " bytes of metadata");
  return {};
}

// The smallest of libjpeg's fast scales that is large enough.
unsigned scale_for(double least) {
  for (const unsigned eighths : {1U, 2U, 4U})
    if (eighths >= least * 8)
      return eighths;
  return 8;
}

error damage_of(const jpeg_decoder& codec) {
  return fail(errc::corrupt_media, "libjpeg: warning " + std::to_string(*codec.failure.damage));
}

result<> decode_planes(jpeg_decoder& codec, unsigned eighths, stored_image& image) {
  const jpeg_request asked{eighths, JCS_YCbCr, true,
                           eighths == 1 && jpeg_has_multiple_scans(&codec) != FALSE};
  if (!start(codec, asked))
    return describe_failure(codec);
  image.planes = planes_for(codec);
  if (read_planes(codec, *image.planes))
    return {};
  image.is_incomplete = gray_out(codec, *image.planes);
  return image.is_incomplete ? result<>{} : describe_failure(codec);
}

result<> decode_rows(jpeg_decoder& codec, unsigned eighths, stored_image& image) {
  const bool is_cmyk = codec.num_components == 4;
  if (!start(codec, {eighths, is_cmyk ? JCS_CMYK : JCS_RGB}))
    return describe_failure(codec);
  image.pixels = picture{codec.output_width, codec.output_height, 3};
  std::optional<cmyk_converter> converter;
  std::vector<std::uint8_t> cmyk_row;
  if (is_cmyk) {
    // All programs that write inks into a JPEG write them as Adobe's do, with its marker or
    // without.
    converter.emplace(image.icc, true);
    cmyk_row.resize(std::size_t{codec.output_width} * 4);
    image.icc.clear(); // the converter has used it
  }
  if (read_rows(codec, image.pixels, cmyk_row.data(), converter ? &*converter : nullptr))
    return {};
  image.is_incomplete = gray_out(codec, image.pixels);
  return image.is_incomplete ? result<>{} : describe_failure(codec);
}

enum class jpeg_way { quick, by_libjpeg };

// To be called once the header is read. Returns nothing if the quick way was tried and does not
// suit this file.
result<std::optional<stored_image>> decode(jpeg_decoder& codec, wanted_size wanted,
                                           const limits& max, jpeg_way way) {
  stored_image image;
  image.full = {codec.image_width, codec.image_height};
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  if (auto allowed = check_metadata(codec, max); !allowed)
    return fail(allowed.error());
  image.exif = exif_of(codec);
  image.orientation = exif_orientation(image.exif);
  image.facts = picture_facts(image.exif, xmp_of(codec));
  image.icc = profile_of(codec);
  const auto eighths = scale_for(wanted.min_scale(image.full, image.orientation));
  if (eighths == 1 && way == jpeg_way::quick && has_quick_averages(codec)) {
    image.planes = read_averages(codec);
    return image.planes ? std::optional{std::move(image)} : std::nullopt;
  }
  const auto decoded =
    has_planes(codec) ? decode_planes(codec, eighths, image) : decode_rows(codec, eighths, image);
  if (!decoded)
    return fail(decoded.error());
  if (codec.failure.damage && !codec.failure.has_rows)
    return damage_of(codec); // nothing is there to be shown
  image.is_incomplete = image.is_incomplete || codec.failure.damage || codec.failure.lacks_scans;
  return std::optional{std::move(image)};
}

// @param begin reads a header from the file's first byte.
template <class Begin>
result<stored_image> read_jpeg_by(Begin begin, wanted_size wanted, const limits& max) {
  for (const auto way : {jpeg_way::quick, jpeg_way::by_libjpeg}) {
    jpeg_decoder codec;
    if (!begin(codec))
      return describe_failure(codec);
    auto image = decode(codec, wanted, max, way);
    if (!image)
      return fail(image.error());
    if (*image)
      return std::move(**image);
  }
  return fail(errc::internal, "libjpeg has left a picture to the quick reader");
}

} // namespace

result<stored_image> read_jpeg(const opened_file& file, wanted_size wanted, const limits& max,
                               std::uint64_t offset) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->bytes();
  if (offset >= bytes.size())
    return fail(errc::corrupt_media, "no bytes where a JPEG should be");
  return read_jpeg_by(
    [&](jpeg_decoder& codec) { return read_header(codec, bytes.subspan(offset)); }, wanted, max);
}

result<stored_image> read_jpeg(growing_input& input, wanted_size wanted, const limits& max) {
  std::optional<growing_jpeg_source> source;
  return read_jpeg_by(
    [&](jpeg_decoder& codec) {
      input.rewind();
      return read_header(codec, source.emplace(input));
    },
    wanted, max);
}

} // namespace mediad::media
