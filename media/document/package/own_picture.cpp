#include "media/document/package/own_picture.hpp"

#include "media/document/package/epub.hpp"
#include "media/document/package/inner_file.hpp"
#include "media/image/image.hpp"
#include "media/image/readers/readers.hpp"
#include "media/picture/orientation.hpp"
#include "media/picture/resize.hpp"

#include <array>

namespace mediad::media {
namespace {

constexpr std::size_t max_picture_bytes = 64U << 20U;

/// Apple's programs write one of these, the largest first.
std::string picture_of_iwork(const zip_package& package) {
  constexpr std::array names{"preview.jpg", "QuickLook/Preview.jpg", "QuickLook/Thumbnail.jpg",
                             "QuickLook/Thumbnail.png", "preview-web.jpg"};
  for (const auto* name : names)
    if (package.has(name))
      return name;
  return {};
}

result<std::string> picture_part(std::string_view media_type, const zip_package& package) {
  if (media_type != "application/epub+zip")
    return picture_of_iwork(package);
  auto book = read_epub(package);
  return book ? result<std::string>{std::move(book->cover)} : fail(book.error());
}

result<stored_image> decode(std::string_view bytes, const opened_file& file,
                            const job_context& context, std::uint32_t box) {
  const wanted_size wanted{box, 0};
  const auto& max = context.options.limits;
  if (bytes.starts_with("\xFF\xD8\xFF"))
    return read_jpeg(file, wanted, max);
  if (bytes.starts_with("\x89PNG"))
    return read_png(file, wanted, max);
  if (bytes.starts_with("RIFF") && has_at(bytes, 8, "WEBP"))
    return read_webp(file, wanted, max);
  return fail(errc::unsupported_media, "a picture of no usual kind");
}

} // namespace

bool has_own_picture(std::string_view media_type) {
  return media_type.starts_with("application/vnd.apple.") || media_type == "application/epub+zip";
}

result<picture> own_picture(std::string_view media_type, const job_context& context,
                            std::uint32_t box) {
  const auto package = zip_package::open(context.input);
  if (!package)
    return fail(errc::corrupt_media, "no ZIP that can be read");
  const auto part = picture_part(media_type, *package);
  if (!part)
    return fail(part.error());
  const auto bytes = part->empty() ? std::string{} : package->read(*part, max_picture_bytes);
  if (bytes.empty())
    return fail(errc::unsupported_media, "no picture of itself");
  const auto file = inner_file(bytes, context.output);
  if (!file)
    return fail(file.error());
  const auto stored = decode(bytes, opened_file{file->get()}, context, box);
  if (!stored)
    return fail(stored.error());
  return shown_picture(*stored, fit_box(turned(stored->full, stored->orientation), box));
}

} // namespace mediad::media
