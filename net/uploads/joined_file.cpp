#include "net/uploads/joined_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace mediad::net::uploads {

namespace {

constexpr std::size_t slice_bytes = std::size_t{8} << 20U;
constexpr std::size_t read_bytes = std::size_t{256} << 10U;

/// @returns how many bytes were read; 0 at the end.
result<std::size_t> read_some(int fd, std::vector<char>& into, std::uint64_t from, std::size_t n) {
  into.resize(std::min(n, read_bytes));
  return read_at(fd, into, from, "read a part of an upload");
}

bool must_copy_by_hand(int error_number) {
  return error_number == EXDEV || error_number == EINVAL || error_number == ENOSYS
         || error_number == EOPNOTSUPP;
}

} // namespace

result<joined_file> joined_file::open(const std::filesystem::path& into, std::vector<part> parts) {
  auto hash = sha256::restore(parts.front().hash);
  if (!hash)
    return fail(hash.error());
  auto out = open_file(into, O_WRONLY | O_CLOEXEC | O_TRUNC);
  if (!out)
    return fail(errc::storage_io, out.error().detail);
  return joined_file{std::move(*out), std::move(parts), std::move(*hash)};
}

result<> joined_file::copy_some() {
  const auto& now = parts_[at_];
  if (!in_) {
    auto in = open_file(now.file, O_RDONLY | O_CLOEXEC);
    if (!in)
      return fail(in.error());
    in_ = std::move(*in);
  }
  const auto left = now.bytes - copied_;
  if (left > 0) {
    const auto n = copy_slice(static_cast<std::size_t>(std::min<std::uint64_t>(left, slice_bytes)));
    if (!n)
      return fail(n.error());
    if (*n == 0)
      return fail(errc::not_found, "bytes of a part of an upload are gone");
    if (at_ > 0)
      if (auto hashed = hash_slice(copied_, *n); !hashed)
        return hashed;
    copied_ += *n;
    end_ += *n;
  }
  if (copied_ == now.bytes) {
    in_ = unique_fd{};
    copied_ = 0;
    ++at_;
  }
  return {};
}

result<std::size_t> joined_file::copy_slice(std::size_t wanted) {
  while (by_kernel_) {
    auto from = static_cast<off_t>(copied_);
    auto to = static_cast<off_t>(end_);
    const auto n = ::copy_file_range(in_.get(), &from, out_.get(), &to, wanted, 0);
    if (n >= 0)
      return static_cast<std::size_t>(n);
    if (must_copy_by_hand(errno))
      by_kernel_ = false;
    else if (errno != EINTR)
      return fail_errno(errno, "join the parts of an upload");
  }
  std::vector<char> block;
  const auto got = read_some(in_.get(), block, copied_, wanted);
  if (got)
    if (auto done = write_all(out_.get(), {block.data(), *got}, end_); !done)
      return fail(done.error());
  return got;
}

result<> joined_file::hash_slice(std::uint64_t from, std::size_t n) {
  std::vector<char> block;
  while (n > 0) {
    const auto got = read_some(in_.get(), block, from, n);
    if (!got)
      return fail(got.error());
    if (*got == 0)
      return fail(errc::not_found, "bytes of a part of an upload are gone");
    hash_.update({block.data(), *got});
    from += *got;
    n -= *got;
  }
  return {};
}

result<std::string> joined_file::finish() {
  if (::fdatasync(out_.get()) != 0)
    return fail_errno(errno, "fdatasync of a joined upload");
  return std::move(hash_).hex();
}

} // namespace mediad::net::uploads
