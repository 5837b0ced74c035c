#include "media/identify/identify.hpp"

#include "media/identify/sniffers.hpp"

namespace mediad::media {

result<identity> identify(const opened_file& file) {
  const auto bytes = file_bytes::of(file);
  if (!bytes)
    return fail(bytes.error());
  // From the surest marks to the weakest: text is whatever nothing else claimed.
  identity found;
  for (const auto sniff : {sniff_image, sniff_container, sniff_document, sniff_archive, sniff_sound,
                           sniff_plain_image, sniff_text})
    if (auto claimed = sniff(*bytes)) {
      found = std::move(*claimed);
      break;
    }
  if (bytes->failure() != 0)
    return fail_errno(bytes->failure(), "read the input");
  return found;
}

} // namespace mediad::media
