#include "net/files/spliced_file.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net {

spliced_file::spliced_file(storage::stored_file own) : spliced_file{std::move(own), {}, {}} {}

spliced_file::spliced_file(storage::stored_file own, const std::vector<splice>& inserts,
                           opener open)
  : own_{std::move(own)}, open_{std::move(open)} {
  std::uint64_t sent = 0;
  for (const auto& i : inserts) {
    add({size_, i.at - sent, sent, {}});
    add({size_, i.bytes, 0, i});
    sent = i.at;
  }
  add({size_, own_.bytes - sent, sent, {}});
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
  if (!from.insert)
    co_return co_await out.send_file(own_.file.get(), piece);
  const auto in = open_(*from.insert);
  if (!in) {
    // A file may be deleted while its archive is sent: that is no error.
    if (in.error().code != errc::not_found)
      log::error("archive", in.error());
    co_return false;
  }
  co_return co_await out.send_file(in->file.get(), piece);
}

} // namespace mediad::net
