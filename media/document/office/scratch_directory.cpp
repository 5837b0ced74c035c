#include "media/document/office/scratch_directory.hpp"

#include <cerrno>
#include <cstdlib>

namespace mediad::media::office {

result<scratch_directory> scratch_directory::make(const std::filesystem::path& parent) {
  auto pattern = (parent / ".scratch-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return fail_errno(errno, "mkdtemp");
  return scratch_directory{pattern};
}

scratch_directory::~scratch_directory() {
  if (path_.empty())
    return;
  // What cannot be removed now goes with the attempt's folder.
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace mediad::media::office
