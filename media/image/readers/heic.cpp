#include "media/bytes/exif.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/heic_growing_reader.hpp"
#include "media/image/readers/heif_turn.hpp"
#include "media/image/readers/readers.hpp"
#include "media/picture/color.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <libheif/heif.h>
#include <memory>
#include <string>

namespace mediad::media {
namespace {

template <class T, void (*Release)(T*)>
struct release {
  void operator()(T* held) const noexcept {
    Release(held);
  }
};
struct release_handle {
  void operator()(const heif_image_handle* held) const noexcept {
    heif_image_handle_release(held);
  }
};
struct release_image {
  void operator()(const heif_image* held) const noexcept {
    heif_image_release(held);
  }
};
using context_ptr = std::unique_ptr<heif_context, release<heif_context, heif_context_free>>;
using handle_ptr = std::unique_ptr<heif_image_handle, release_handle>;
using image_ptr = std::unique_ptr<heif_image, release_image>;

error describe_failure(const heif_error& failure) {
  const auto detail = std::string{"libheif: "} + failure.message;
  if (failure.code == heif_error_Unsupported_filetype
      || failure.code == heif_error_Unsupported_feature)
    return fail(errc::unsupported_media, detail);
  if (failure.code == heif_error_Memory_allocation_error)
    return fail(errc::too_large, detail);
  return fail(errc::corrupt_media, detail);
}

extent size_of(const heif_image_handle* handle) {
  return {static_cast<std::uint32_t>(std::max(0, heif_image_handle_get_width(handle))),
          static_cast<std::uint32_t>(std::max(0, heif_image_handle_get_height(handle)))};
}

std::vector<std::uint8_t> icc_of(const heif_image_handle* handle) {
  const auto bytes = heif_image_handle_get_raw_color_profile_size(handle);
  if (bytes > 0 && bytes <= max_icc_bytes) {
    std::vector<std::uint8_t> profile(bytes);
    if (heif_image_handle_get_raw_color_profile(handle, profile.data()).code == heif_error_Ok)
      return profile;
  }
  heif_color_profile_nclx* named = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &named).code != heif_error_Ok)
    return {};
  const std::unique_ptr<heif_color_profile_nclx,
                        release<heif_color_profile_nclx, heif_nclx_color_profile_free>>
    owned{named};
  return profile_for(named->color_primaries, named->transfer_characteristics);
}

bool is_shaped_alike(extent a, extent b) {
  const auto ratio = [](extent e) {
    return static_cast<double>(e.width) / e.height;
  };
  constexpr double tolerance = 0.02;
  return std::abs(ratio(a) / ratio(b) - 1) < tolerance;
}

// Cameras put a small picture beside the large one; decoding it takes a fiftieth of the work.
handle_ptr sufficient_thumbnail(const heif_image_handle* whole, extent full, wanted_size wanted) {
  heif_item_id id = 0;
  if (wanted.box == 0 || heif_image_handle_get_list_of_thumbnail_IDs(whole, &id, 1) != 1)
    return nullptr;
  heif_image_handle* raw = nullptr;
  if (heif_image_handle_get_thumbnail(whole, id, &raw).code != heif_error_Ok)
    return nullptr;
  handle_ptr thumbnail{raw};
  const auto size = size_of(raw);
  const bool suffices = size.width > 0 && size.height > 0
                        && std::max(size.width, size.height) >= wanted.box
                        && is_shaped_alike(size, full);
  return suffices ? std::move(thumbnail) : nullptr;
}

result<picture> decode(const heif_image_handle* handle) {
  const bool has_alpha = heif_image_handle_has_alpha_channel(handle) != 0;
  heif_image* raw = nullptr;
  const auto decoded = heif_decode_image(
    handle, &raw, heif_colorspace_RGB,
    has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, nullptr);
  if (decoded.code != heif_error_Ok)
    return describe_failure(decoded);
  const image_ptr image{raw};
  int stride = 0;
  const auto* rows = heif_image_get_plane_readonly(raw, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(raw, heif_channel_interleaved);
  const int height = heif_image_get_height(raw, heif_channel_interleaved);
  if (rows == nullptr || width <= 0 || height <= 0)
    return fail(errc::corrupt_media, "libheif: a picture without pixels");
  picture made{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
               has_alpha ? 4U : 3U};
  for (std::uint32_t y = 0; y < made.height; ++y)
    std::memcpy(made.row(y), rows + std::size_t{y} * static_cast<std::size_t>(stride),
                made.stride());
  return made;
}

context_ptr make_context(const limits& max) {
  context_ptr context{heif_context_alloc()};
  if (!context)
    throw std::bad_alloc{};
  heif_context_set_maximum_image_size_limit(context.get(), static_cast<int>(max.max_side));
  heif_context_set_max_decoding_threads(context.get(), 0); // none but this one
  return context;
}

// Empty if there is none.
std::vector<std::uint8_t> exif_of(const heif_image_handle* handle) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1)
    return {};
  constexpr std::size_t offset_bytes = 4; // from behind it to the TIFF header (23008-12, A.2.1)
  std::vector<std::uint8_t> block(heif_image_handle_get_metadata_size(handle, id));
  if (block.size() <= offset_bytes
      || heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok)
    return {};
  const auto skipped = offset_bytes + (std::size_t{block[2]} << 8U | block[3]);
  if (skipped >= block.size())
    return {};
  return {block.begin() + static_cast<std::ptrdiff_t>(skipped), block.end()};
}

// A packet of XMP, which is an item of type `mime` (ISO 16684-3, 1.1.5); empty if there is none.
std::string xmp_of(const heif_image_handle* handle) {
  constexpr int max_items = 8;
  std::array<heif_item_id, max_items> ids{};
  const auto count =
    heif_image_handle_get_list_of_metadata_block_IDs(handle, "mime", ids.data(), max_items);
  for (int i = 0; i < count; ++i) {
    const auto id = ids.at(static_cast<std::size_t>(i));
    const auto* type = heif_image_handle_get_metadata_content_type(handle, id);
    if (type == nullptr || std::string_view{type} != "application/rdf+xml")
      continue;
    std::string packet(heif_image_handle_get_metadata_size(handle, id), '\0');
    if (!packet.empty()
        && heif_image_handle_get_metadata(handle, id, packet.data()).code == heif_error_Ok)
      return packet;
  }
  return {};
}

/// Whether a file's Exif turns it, or properties of its own do.
enum class heif_exif : std::uint8_t { is_void, counts };

result<stored_image> read_primary(heif_context* context, heif_exif exif, wanted_size wanted,
                                  const limits& max) {
  heif_image_handle* raw = nullptr;
  if (const auto found = heif_context_get_primary_image_handle(context, &raw);
      found.code != heif_error_Ok)
    return describe_failure(found);
  const handle_ptr whole{raw};
  stored_image image; // libheif turns it upright by its properties
  const auto metadata = exif_of(raw);
  if (exif == heif_exif::counts)
    image.orientation = exif_orientation(metadata);
  image.facts = picture_facts(metadata, xmp_of(raw));
  image.full = size_of(raw);
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const auto thumbnail = sufficient_thumbnail(raw, image.full, wanted);
  const auto* chosen = thumbnail ? thumbnail.get() : whole.get();
  if (auto allowed = check_size(size_of(chosen), max); !allowed)
    return fail(allowed.error());
  image.icc = icc_of(chosen);
  auto pixels = decode(chosen);
  if (!pixels)
    return fail(pixels.error());
  image.pixels = std::move(*pixels);
  return image;
}

} // namespace

void load_heic_decoders() {
  // Should that fail, each file says what it misses.
  static_cast<void>(heif_init(nullptr));
}

result<stored_image> read_heic(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto exif = has_heif_turn(mapped->text()) ? heif_exif::is_void : heif_exif::counts;
  const auto context = make_context(max);
  if (const auto read = heif_context_read_from_file(context.get(), file.name().c_str(), nullptr);
      read.code != heif_error_Ok)
    return describe_failure(read);
  return read_primary(context.get(), exif, wanted, max);
}

result<stored_image> read_heic(growing_input& input, wanted_size wanted, const limits& max) {
  growing_heic_reader reader{input};
  const auto exif = has_heif_turn(reader.beginning()) ? heif_exif::is_void : heif_exif::counts;
  if (exif == heif_exif::counts)
    reader.keep_small_items();
  const auto context = make_context(max);
  if (const auto read = heif_context_read_from_reader(
        context.get(), &growing_heic_reader::functions(), &reader, nullptr);
      read.code != heif_error_Ok)
    return describe_failure(read);
  reader.opened();
  return read_primary(context.get(), exif, wanted, max);
}

} // namespace mediad::media
