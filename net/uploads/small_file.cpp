#include "net/uploads/small_file.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "net/backend/services.hpp"
#include "net/uploads/admission.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <span>
#include <string>
#include <unistd.h>

namespace mediad::net::uploads {

/// Kept by the disk thread that works on it, too.
struct small_file::job {
  job(services& s, std::size_t length)
    : shared{s}, size{length}, memory{std::make_unique_for_overwrite<char[]>(length)} {}
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  ~job() {
    shared.buffers.give_back(size);
  }

  std::span<char> bytes() {
    return {memory.get(), size};
  }

  /// Its bytes and its name in staging are durable afterwards.
  result<> store() {
    const std::string_view all{memory.get(), size};
    sha256 hash;
    hash.update(all);
    body.sha256 = std::move(hash).hex();
    body.bytes = size;
    const auto& wanted = body.fresh.terms.wanted_sha256;
    if (!wanted.empty() && wanted != body.sha256)
      return fail(errc::digest_mismatch, "the body has another SHA-256 than was announced");
    auto fd = open_file(file, O_WRONLY | O_CREAT | O_EXCL, storage::view::stored_mode);
    if (!fd) // also if its folder is missing: that is not the client's doing
      return fail(errc::storage_io, fd.error().detail);
    created = true;
    if (auto ok = write_all(fd->get(), all, 0); !ok)
      return ok;
    if (::fdatasync(fd->get()) != 0)
      return fail_errno(errno, "fdatasync of a staging file");
    if (auto closed = fd->close(); !closed)
      return closed;
    return shared.staging.sync();
  }

  services& shared;
  std::size_t size;
  std::unique_ptr<char[]> memory;
  std::filesystem::path file;
  received_body body;
  bool created = false;
};

namespace {

template <class Job>
asio::awaitable<result<>> store(std::shared_ptr<Job> work) {
  co_return work->store();
}

} // namespace

small_file::small_file(exchange& x, std::shared_ptr<job> work) : x_{x}, job_{std::move(work)} {
  x.shared().counters.receiving.fetch_add(1, std::memory_order_relaxed);
}

small_file::small_file(small_file&&) noexcept = default;

small_file::~small_file() {
  if (!job_)
    return;
  auto& shared = x_.shared();
  shared.counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  asio::post(shared.disk, [work = std::move(job_)] {
    if (work->created)
      static_cast<void>(::unlink(work->file.c_str()));
  });
}

std::optional<small_file> small_file::begin(exchange& x) {
  auto& shared = x.shared();
  const auto length = declared_length(x);
  if (length.value_or(0) == 0 || *length > x.options().in_memory_below
      || !shared.buffers.take(static_cast<std::size_t>(*length)))
    return std::nullopt;
  return small_file{x, std::make_shared<job>(shared, static_cast<std::size_t>(*length))};
}

asio::awaitable<result<received_body>> small_file::take(body_reader& reader,
                                                        storage::new_upload wanted) {
  auto rest = job_->bytes();
  while (!rest.empty()) {
    const auto got = co_await reader.read(rest);
    if (!got)
      co_return fail(got.error());
    if (*got == 0)
      co_return fail(errc::bad_request, "the body breaks off");
    rest = rest.subspan(*got);
  }
  std::array<char, 1> nothing{};
  if (const auto end = co_await reader.read(nothing); !end)
    co_return fail(end.error());
  job_->body.id = wanted.id = make_ulid();
  job_->body.user = wanted.user;
  job_->body.fresh = std::move(wanted);
  job_->file = x_.storage().staging_path(job_->body.id);
  auto& disk = x_.shared().disk;
  auto work = store(job_);
  const auto stored =
    co_await asio::co_spawn(disk.get_executor(), std::move(work), asio::use_awaitable);
  if (!stored)
    co_return fail(stored.error());
  co_return job_->body;
}

void small_file::release() {
  auto& counters = x_.shared().counters;
  counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  counters.uploads.fetch_add(1, std::memory_order_relaxed);
  job_.reset();
}

} // namespace mediad::net::uploads
