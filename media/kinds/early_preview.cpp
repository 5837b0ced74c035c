#include "media/kinds/early_preview.hpp"

#include "media/bytes/boxes.hpp"
#include "media/bytes/growing_input.hpp"
#include "media/identify/identify.hpp"
#include "media/image/image.hpp"
#include "media/image/readers/readers.hpp"

namespace mediad::media {
namespace {

// All that identify() looks at in a JPEG.
constexpr std::size_t head_bytes = 16;
// The first box of a HEIC file lists the brands that tell it from its relatives.
constexpr std::size_t max_brand_bytes = 4096;

/// Waits for what identify() looks at.
result<> wait_for_head(growing_input& input) {
  const auto head = input.head(head_bytes);
  if (!head)
    return fail(head.error());
  const auto first = parse_box_header(*head);
  if (!first || first->type != "ftyp" || first->bytes <= head_bytes
      || first->bytes > max_brand_bytes)
    return {};
  if (const auto brands = input.head(static_cast<std::size_t>(first->bytes)); !brands)
    return fail(brands.error());
  return {};
}

result<stored_image> read(growing_input& input, const std::string& media_type,
                          const job_context& context) {
  const auto wanted = for_preview(context.options);
  if (media_type == "image/jpeg")
    return read_jpeg(input, wanted, context.options.limits);
  if (media_type == "image/heic")
    return read_heic(input, wanted, context.options.limits);
  return fail(errc::unsupported_media, media_type + " has to be there first");
}

} // namespace

result<job_result> early_preview(const job_context& context) {
  growing_input input{context.input, context.growth};
  if (const auto ready = wait_for_head(input); !ready)
    return fail(ready.error());
  auto found = identify(context.input);
  if (!found)
    return fail(found.error());
  auto image = read(input, found->media_type, context);
  if (!image)
    return fail(image.error());
  if (image->is_incomplete) // perhaps only because the upload was: the file itself decides
    return fail(errc::corrupt_media, "the picture arrived incomplete");
  auto done = image_preview(std::move(*image), context);
  if (done) {
    done->profile = found->profile;
    done->media_type = std::move(found->media_type);
  }
  return done;
}

} // namespace mediad::media
