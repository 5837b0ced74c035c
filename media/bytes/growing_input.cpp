#include "media/bytes/growing_input.hpp"

#include "media/job/packets.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace mediad::media {

std::uint64_t growing_input::wait_beyond(std::uint64_t offset) {
  while (there_ <= offset && !is_whole_ && !is_lost_) {
    input_growth told;
    const auto n = ::read(growth_, &told, sizeof told);
    if (n < 0 && errno == EINTR)
      continue;
    if (n != static_cast<::ssize_t>(sizeof told)) {
      is_lost_ = true;
      break;
    }
    there_ = std::max(there_, told.bytes);
    is_whole_ = told.is_whole != 0;
  }
  return there_;
}

::ssize_t growing_input::read_at(std::uint64_t offset, char* into, std::size_t count) {
  const auto there = wait_beyond(offset);
  if (there <= offset)
    return 0;
  const auto most = std::min<std::uint64_t>(count, there - offset);
  for (;;) {
    const auto n = ::pread(file_.descriptor(), into, static_cast<std::size_t>(most),
                           static_cast<::off_t>(offset));
    if (n >= 0 || errno != EINTR)
      return n;
  }
}

result<std::string> growing_input::head(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const auto n = read_at(filled, bytes.data() + filled, count - filled);
    if (n < 0)
      return fail_errno(errno, "read a growing file");
    if (n == 0 && is_lost_)
      return fail(errc::cancelled, "the rest of the file will not come");
    if (n == 0)
      break;
    filled += static_cast<std::size_t>(n);
  }
  bytes.resize(filled);
  return bytes;
}

::ssize_t growing_input::read(char* into, std::size_t count) {
  const auto n = read_at(position_, into, count);
  if (n > 0)
    position_ += static_cast<std::uint64_t>(n);
  return n;
}

} // namespace mediad::media
