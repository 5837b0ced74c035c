#include "media/image/deep/deep_image.hpp"

#include "media/bytes/mapped_file.hpp"
#include "media/encode/encode.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/deep/odd_tiff.hpp"
#include "media/image/deep/pixels.hpp"
#include "media/picture/color.hpp"
#include "media/picture/orientation.hpp"
#include "media/picture/resize.hpp"

#include <OpenImageIO/imageio.h>

#include <array>
#include <memory>
#include <string>

namespace mediad::media {
namespace {

struct reader_name {
  std::string_view media_type;
  const char* reader;
};

// OpenImageIO's readers of cineon, dpx, dds, sgi, pic, iff, fits, rla and its FFmpeg crash on odd
// files, and so does that of psd: they must not be in this table.
constexpr std::array readers{
  reader_name{"image/tiff", "tiff"},
  reader_name{"image/x-exr", "openexr"},
  reader_name{"image/vnd.radiance", "hdr"},
};

std::string last_words(OIIO::ImageInput& reader) {
  return reader.has_error() ? reader.geterror() : std::string{"no reason given"};
}

std::unique_ptr<OIIO::ImageInput> create_reader(std::string_view media_type) {
  // A worker does one job at a time, and there are as many workers as the operator wants threads.
  static const bool single_threaded =
    OIIO::attribute("threads", 1) && OIIO::attribute("exr_threads", 1);
  static_cast<void>(single_threaded);
  for (const auto& known : readers)
    if (known.media_type == media_type)
      return OIIO::ImageInput::create(known.reader);
  return nullptr;
}

result<> open_reader(OIIO::ImageInput& reader, const opened_file& file, OIIO::ImageSpec& found) {
  OIIO::ImageSpec asked;
  asked.attribute("oiio:UnassociatedAlpha", 1);
  if (!reader.open(file.name(), found, asked))
    return fail(errc::corrupt_media, "OpenImageIO: " + last_words(reader));
  return {};
}

std::vector<std::uint8_t> profile_of(const OIIO::ImageSpec& spec) {
  const auto* found = spec.find_attribute("ICCProfile");
  if (found == nullptr || found->type().size() > max_icc_bytes)
    return {};
  const auto* bytes = static_cast<const std::uint8_t*>(found->data());
  return {bytes, bytes + found->type().size()};
}

result<> check_spec(const OIIO::ImageSpec& spec, const limits& max) {
  constexpr int max_channels = 64; // of them at most four are read
  if (spec.width <= 0 || spec.height <= 0 || spec.nchannels <= 0 || spec.nchannels > max_channels
      || spec.depth > 1)
    return fail(errc::corrupt_media,
                "OpenImageIO: a picture without size or with too many channels");
  return check_size(
    {static_cast<std::uint32_t>(spec.width), static_cast<std::uint32_t>(spec.height)}, max);
}

// Reads the picture that the reader stands at.
result<stored_image> read_current(OIIO::ImageInput& reader, wanted_size wanted) {
  const auto& spec = reader.spec();
  stored_image image;
  image.full = {static_cast<std::uint32_t>(spec.width), static_cast<std::uint32_t>(spec.height)};
  const auto orientation = spec.get_int_attribute("Orientation", 1);
  image.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  image.icc = profile_of(spec);
  // Rows of a TIFF stand in strips of their own: what is missing spoils none of the others.
  const bool may_be_cut = std::string_view{reader.format_name()} == "tiff";
  auto read = read_pixels(reader, wanted.factor(image.full, image.orientation), may_be_cut);
  if (!read)
    return fail(read.error());
  image.pixels = std::move(read->pixels);
  image.is_incomplete = read->is_incomplete;
  return image;
}

// The pictures in a TIFF that are pages: not a smaller version of another, nor its mask (TIFF 6.0,
// section 8, NewSubfileType).
result<std::vector<int>> pages_of(OIIO::ImageInput& reader, std::uint32_t max_pages) {
  std::vector<int> pages;
  for (int i = 0; reader.seek_subimage(i, 0); ++i) {
    constexpr int smaller_or_mask = 1 | 4;
    if ((reader.spec().get_int_attribute("tiff:subfiletype", 0) & smaller_or_mask) == 0)
      pages.push_back(i);
    if (pages.size() > max_pages)
      return fail(errc::too_large, "more than " + std::to_string(max_pages) + " pages");
  }
  static_cast<void>(reader.geterror()); // that there is no next one
  return pages;
}

result<stored_image> read_page(OIIO::ImageInput& reader, const opened_file& file, int page,
                               const parameters& options) {
  if (auto odd = read_odd_tiff(file, page, options.limits))
    return std::move(*odd);
  if (!reader.seek_subimage(page, 0))
    return fail(errc::corrupt_media, "OpenImageIO: " + last_words(reader));
  if (auto allowed = check_spec(reader.spec(), options.limits); !allowed)
    return fail(allowed.error());
  return read_current(reader, {options.document.page_box, 0});
}

result<stored_image> read_first(const opened_file& file, std::string_view media_type,
                                wanted_size wanted, const limits& max) {
  const auto reader = create_reader(media_type);
  if (!reader)
    return fail(errc::unsupported_media, "no reader for " + std::string{media_type});
  if (media_type == "image/tiff")
    if (auto odd = read_odd_tiff(file, 0, max))
      return std::move(*odd);
  OIIO::ImageSpec spec;
  if (auto opened = open_reader(*reader, file, spec); !opened)
    return fail(opened.error());
  if (auto allowed = check_spec(spec, max); !allowed)
    return fail(allowed.error());
  return read_current(*reader, wanted);
}

} // namespace

result<stored_image> read_deep_image(const opened_file& file, std::string_view media_type,
                                     wanted_size wanted, const limits& max) {
  auto image = read_first(file, media_type, wanted, max);
  if (!image || media_type != "image/tiff")
    return image;
  if (const auto mapped = mapped_file::of(file))
    image->facts = exif_facts(mapped->bytes());
  return image;
}

result<> write_tiff_pages(const job_context& context, job_result& done) {
  const auto reader = create_reader("image/tiff");
  OIIO::ImageSpec spec;
  if (auto opened = open_reader(*reader, context.input, spec); !opened)
    // What only libtiff reads has been shown already, with the one page that such files have.
    return read_odd_tiff(context.input, 0, context.options.limits) ? result<>{} : opened;
  const auto pages = pages_of(*reader, context.options.limits.max_pages);
  if (!pages)
    return fail(pages.error());
  if (pages->size() < 2)
    return {};
  const auto& options = context.options;
  for (std::size_t i = 0; i < pages->size() && i < options.document.pages; ++i) {
    const auto image = read_page(*reader, context.input, (*pages)[i], options);
    if (!image)
      return fail(image.error());
    const auto size = fit_box(turned(image->full, image->orientation), options.document.page_box);
    const auto shown = shown_picture(*image, size);
    if (!shown)
      return fail(shown.error());
    const auto name = "page-" + std::to_string(i + 1) + ".webp";
    auto file = write_webp(*shown, context.output / name, options.image.webp_quality,
                           options.image.webp_method);
    if (!file)
      return fail(file.error());
    done.files.push_back(std::move(*file));
  }
  facts found{std::move(done.media)};
  found.add("pages", pages->size());
  done.media = std::move(found).text();
  return {};
}

} // namespace mediad::media
