#include "media/early_preview.hpp"

#include "media/growing_input.hpp"
#include "media/identify.hpp"
#include "media/image_light.hpp"

namespace mediad::media {
namespace {

// Enough for whatever identify() looks at in a JPEG.
constexpr std::size_t head_bytes = 16;

} // namespace

result<job_result> early_preview(const job& work, const job_context& context) {
  auto input = growing_input::open(work.input, context.growth);
  if (!input)
    return fail(input.error());
  if (const auto head = input->head(head_bytes); !head)
    return fail(head.error());
  auto found = identify(work.input);
  if (!found)
    return fail(found.error());
  if (found->media_type != "image/jpeg")
    return fail(errc::unsupported_media, found->media_type + " has to be there first");
  auto image = read_jpeg(*input, for_preview(context.options), context.options.limits);
  if (!image)
    return fail(image.error());
  auto done = image_preview(std::move(*image), work, context);
  if (done) {
    done->kind = found->kind;
    done->media_type = std::move(found->media_type);
  }
  return done;
}

} // namespace mediad::media
