#include "media/av/late_writer.hpp"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace mediad::media::av {
namespace {

constexpr std::size_t piece_bytes = 1U << 20U;

} // namespace

int write_at(int fd, std::span<const std::uint8_t> bytes, std::int64_t position) {
  while (!bytes.empty()) {
    const auto n = ::pwrite(fd, bytes.data(), bytes.size(), position);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n == 0 ? EIO : errno;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    position += n;
  }
  return 0;
}

late_writer::late_writer(int fd) : fd_{fd} {
  filling_.reserve(2 * piece_bytes);
  written_.reserve(2 * piece_bytes);
}

int late_writer::take(std::span<const std::uint8_t> bytes, std::int64_t position) {
  const auto next = filling_at_ + static_cast<std::int64_t>(filling_.size());
  if (!filling_.empty() && position != next)
    if (const int failed = begin_piece(); failed != 0)
      return failed;
  if (filling_.empty())
    filling_at_ = position;
  filling_.insert(filling_.end(), bytes.begin(), bytes.end());
  return filling_.size() >= piece_bytes ? begin_piece() : 0;
}

int late_writer::begin_piece() {
  const int failed = done_.valid() ? done_.get() : 0;
  if (failed != 0)
    return failed;
  std::swap(filling_, written_);
  filling_.clear();
  done_ = std::async(std::launch::async | std::launch::deferred, write_at, fd_,
                     std::span<const std::uint8_t>{written_}, filling_at_);
  return 0;
}

int late_writer::drain() {
  if (!filling_.empty())
    if (const int failed = begin_piece(); failed != 0)
      return failed;
  return done_.valid() ? done_.get() : 0;
}

} // namespace mediad::media::av
