#include "media/identify/identify.hpp"

#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::media {

namespace {

result<identity> look_at(const result<file_bytes>& bytes) {
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

} // namespace

result<identity> identify(const std::filesystem::path& file) {
  return look_at(file_bytes::open(file));
}

result<identity> identify(int file) {
  return look_at(file_bytes::of(file));
}

} // namespace mediad::media
