#include "media/bytes/mapped_file.hpp"

#include "base/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace mediad::media {

result<mapped_file> mapped_file::open(const std::filesystem::path& file) {
  const auto fd = open_file(file, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  struct stat about {};
  if (::fstat(fd->get(), &about) != 0)
    return fail_errno(errno, "fstat " + file.string());
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size == 0)
    return mapped_file{{}}; // mmap refuses to map nothing
  auto* begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd->get(), 0);
  if (begin == MAP_FAILED)
    return fail_errno(errno, "mmap " + file.string());
  return mapped_file{{static_cast<const std::uint8_t*>(begin), size}};
}

mapped_file::~mapped_file() {
  if (!bytes_.empty())
    ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

} // namespace mediad::media
