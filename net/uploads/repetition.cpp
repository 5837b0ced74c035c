#include "net/uploads/repetition.hpp"

#include "base/file.hpp"
#include "net/backend/services.hpp"
#include "net/http/body_reader.hpp"
#include "net/uploads/admission.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>

namespace mediad::net::uploads {

namespace {

/// One body beside the file that it is compared with. A disk thread that reads keeps it, too.
class comparison {
public:
  comparison(services& shared, storage::stored_file file)
    : file_{std::move(file)},
      sent_{shared.buffers, transfer_buffer::large_bytes},
      stored_{shared.buffers, transfer_buffer::large_bytes} {}

  std::uint64_t file_bytes() const {
    return file_.bytes;
  }
  std::span<char> room() {
    return sent_.bytes().first(std::min(sent_.bytes().size(), stored_.bytes().size()));
  }

  /// Whether the first @p n bytes of room() are those of the file from @p offset on. Blocks.
  /// @returns errc::storage_io if they cannot be read.
  result<bool> is_same(std::uint64_t offset, std::size_t n) {
    const auto known = stored_.bytes().first(n);
    constexpr const char* what = "read of earlier bytes";
    const auto got = read_at(file_.file.get(), known, offset, what);
    if (!got)
      return fail(got.error());
    if (*got < n)
      return fail_errno(EIO, what);
    return std::equal(known.begin(), known.end(), sent_.bytes().begin());
  }

private:
  storage::stored_file file_;
  transfer_buffer sent_;
  transfer_buffer stored_;
};

asio::awaitable<result<bool>> compare(std::shared_ptr<comparison> both, std::uint64_t offset,
                                      std::size_t n) {
  co_return both->is_same(offset, n);
}

/// Reads until the body ends or passes the file's end.
/// @returns the offset behind the last byte that was read; errc::conflict if bytes differ; the
///          errors of body_reader::read().
asio::awaitable<result<std::uint64_t>>
read_all(exchange& x, body_reader& reader, std::shared_ptr<comparison> both, std::uint64_t from) {
  auto at = from;
  while (at <= both->file_bytes()) {
    const auto got = co_await reader.read(both->room());
    if (!got)
      co_return fail(got.error());
    if (*got == 0)
      break;
    const auto known = std::min<std::uint64_t>(*got, both->file_bytes() - at);
    auto work = compare(both, at, static_cast<std::size_t>(known));
    const auto same =
      co_await asio::co_spawn(x.shared().disk.get_executor(), std::move(work), asio::use_awaitable);
    if (!same)
      co_return fail(same.error());
    if (!*same)
      co_return fail(errc::conflict, "other bytes than before");
    at += *got;
  }
  co_return at;
}

/// @param end  nothing: it is not known.
bool may_end_at(std::optional<std::uint64_t> end, std::uint64_t bytes, reach how_far) {
  switch (how_far) {
  case reach::to_the_end: return !end || *end == bytes;
  case reach::within: return !end || *end <= bytes;
  case reach::beyond: break;
  }
  return true;
}

std::optional<std::uint64_t> declared_end(const exchange& x, std::uint64_t from) {
  const auto more = declared_length(x);
  return more ? std::optional{from + *more} : std::nullopt;
}

} // namespace

result<storage::stored_file> open_earlier(const exchange& x, const upload_state& state) {
  if (state.complete && !state.is_partial()) {
    const auto record = x.storage().find(state.id);
    if (!record)
      return fail(record.error());
    return x.storage().open_original(*record);
  }
  auto fd = x.storage().open_staged(state.id);
  if (!fd)
    return fail(fd.error());
  return storage::stored_file{std::move(*fd), state.offset};
}

asio::awaitable<std::optional<answer>> refuse_other_bytes(exchange& x, earlier_bytes earlier,
                                                          answer other) {
  const auto bytes = earlier.file.bytes;
  const auto from = earlier.from;
  const auto how_far = earlier.how_far;
  if (from > bytes || !may_end_at(declared_end(x, from), bytes, how_far))
    co_return std::move(other);
  body_reader reader{x, x.options().max_file_bytes};
  auto both = std::make_shared<comparison>(x.shared(), std::move(earlier.file));
  const auto end = co_await read_all(x, reader, both, from);
  if (end && may_end_at(*end, bytes, how_far))
    co_return std::nullopt;
  x.must_close();
  if (end || end.error().code == errc::conflict || end.error().code == errc::too_large)
    co_return std::move(other);
  co_return reader.timed_out() ? x.make_problem(request_timeout) : x.make_problem(end.error());
}

} // namespace mediad::net::uploads
