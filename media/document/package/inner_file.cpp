#include "media/document/package/inner_file.hpp"

#include <fcntl.h>

namespace mediad::media {

result<unique_fd> inner_file(std::string_view bytes, const opened_folder& folder) {
  const auto entry = folder / ".inner";
  auto file = entry.open(O_RDWR | O_CREAT | O_EXCL);
  if (!file)
    return fail(file.error());
  entry.remove();
  if (auto written = write_all(file->get(), bytes, 0); !written)
    return fail(written.error());
  return std::move(*file);
}

} // namespace mediad::media
