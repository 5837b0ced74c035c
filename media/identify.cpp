#include "media/identify.hpp"

#include "media/identify_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::media {

result<identity> identify(const std::filesystem::path& file) {
  const auto bytes = file_bytes::open(file);
  if (!bytes)
    return fail(bytes.error());
  // From the surest marks to the weakest: text is whatever nothing else claimed.
  identity found;
  for (const auto sniff :
       {sniff_image, sniff_container, sniff_document, sniff_archive, sniff_sound, sniff_text})
    if (auto claimed = sniff(*bytes)) {
      found = std::move(*claimed);
      break;
    }
  if (bytes->failure() != 0)
    return fail_errno(bytes->failure(), "read " + file.string());
  return found;
}

} // namespace mediad::media
