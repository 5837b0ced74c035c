#include "net/files/spliced_file.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace mediad::net {
namespace {

result<unique_fd> open_insert(const std::filesystem::path& path, std::uint64_t end) {
  auto file = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file)
    return file;
  struct stat facts {};
  if (::fstat(file->get(), &facts) != 0)
    return fail_errno(errno, "fstat");
  if (!S_ISREG(facts.st_mode) || static_cast<std::uint64_t>(facts.st_size) != end)
    return fail(errc::internal, path.string() + " is not the file that an archive was made of");
  return file;
}

} // namespace

spliced_file::spliced_file(unique_fd file, std::uint64_t own_bytes, std::vector<insert> inserts)
  : file_{std::move(file)} {
  std::uint64_t own = 0;
  for (auto& i : inserts) {
    add({size_, i.at - own, own, {}});
    add({size_, i.bytes, 0, std::move(i.file)});
    own = i.at;
  }
  add({size_, own_bytes - own, own, {}});
}

void spliced_file::add(extent next) {
  if (next.size == 0)
    return;
  size_ += next.size;
  extents_.push_back(std::move(next));
}

boost::asio::awaitable<bool> spliced_file::send(outflow& out, fields::byte_range range) const {
  auto from =
    std::upper_bound(extents_.begin(), extents_.end(), range.first,
                     [](std::uint64_t at, const extent& e) { return at < e.start + e.size; });
  while (range.size > 0 && from != extents_.end()) {
    const auto skipped = range.first - from->start;
    const fields::byte_range piece{from->offset + skipped,
                                   std::min(range.size, from->size - skipped)};
    if (!co_await send_some(out, *from, piece))
      co_return false;
    range.first += piece.size;
    range.size -= piece.size;
    ++from;
  }
  co_return range.size == 0;
}

boost::asio::awaitable<bool> spliced_file::send_some(outflow& out, const extent& from,
                                                     fields::byte_range piece) const {
  if (from.insert.empty())
    co_return co_await out.send_file(file_.get(), piece);
  const auto in = open_insert(from.insert, from.size);
  if (!in) {
    // A file may be deleted while its archive is sent: that is no error.
    if (in.error().code != errc::not_found)
      log::error("archive", in.error());
    co_return false;
  }
  co_return co_await out.send_file(in->get(), piece);
}

} // namespace mediad::net
