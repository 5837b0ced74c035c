#include "media/bytes/file_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace mediad::media {

result<file_bytes> file_bytes::of(const opened_file& file) {
  const auto size = file.size();
  if (!size)
    return fail(size.error());
  auto fd = file.duplicate();
  if (!fd)
    return fail(fd.error());
  file_bytes opened;
  opened.fd_ = std::move(*fd);
  opened.size_ = *size;
  opened.head_ = opened.read(0, max_piece);
  return opened;
}

std::string file_bytes::read(std::uint64_t offset, std::size_t count) const {
  if (offset >= size_)
    return {};
  std::string piece(std::min(count, max_piece), '\0');
  std::size_t filled = 0;
  while (filled < piece.size()) {
    const auto n = ::pread(fd_.get(), piece.data() + filled, piece.size() - filled,
                           static_cast<off_t>(offset + filled));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && failure_ == 0)
      failure_ = errno;
    if (n <= 0)
      break;
    filled += static_cast<std::size_t>(n);
  }
  piece.resize(filled);
  return piece;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  if (at > bytes.size() || count > bytes.size() - at)
    return 0;
  std::uint64_t value = 0;
  for (const auto c : bytes.substr(at, count))
    value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  if (at > bytes.size() || count > bytes.size() - at)
    return 0;
  std::uint64_t value = 0;
  for (auto i = count; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

bool has_at(std::string_view bytes, std::size_t at, std::string_view word) {
  return at <= bytes.size() && bytes.substr(at).starts_with(word);
}

} // namespace mediad::media
