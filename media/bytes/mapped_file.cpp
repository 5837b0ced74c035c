#include "media/bytes/mapped_file.hpp"

#include <cerrno>
#include <sys/mman.h>

namespace mediad::media {

result<mapped_file> mapped_file::of(const opened_file& file) {
  const auto bytes = file.size();
  if (!bytes)
    return fail(bytes.error());
  const auto size = static_cast<std::size_t>(*bytes);
  if (size == 0)
    return mapped_file{{}}; // mmap refuses to map nothing
  auto* begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (begin == MAP_FAILED)
    return fail_errno(errno, "mmap");
  return mapped_file{{static_cast<const std::uint8_t*>(begin), size}};
}

mapped_file::~mapped_file() {
  if (!bytes_.empty())
    ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

} // namespace mediad::media
