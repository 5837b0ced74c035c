#include "net/uploads/staging_file.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "net/io/transfer_buffer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <list>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_buffers = 4;
constexpr std::uint64_t reserve_from_bytes = std::uint64_t{1} << 20U;
constexpr std::uint64_t least_reserve_bytes = std::uint64_t{8} << 20U;
constexpr std::uint64_t most_reserve_bytes = std::uint64_t{1} << 30U;
constexpr std::uint64_t flush_bytes = std::uint64_t{8} << 20U;

/// The blocking half; belongs to the writing strand.
class blocking_file {
public:
  explicit blocking_file(const staging_file::plan& what)
    : path_{what.file}, length_{what.length}, start_{what.start.bytes}, flushed_{start_} {}

  result<> write(std::string_view bytes, std::uint64_t offset) {
    if (auto opened = open(); !opened)
      return opened;
    if (auto room = reserve(offset + bytes.size()); !room)
      return room;
    if (auto done = write_all(fd_.get(), bytes, offset); !done)
      return done;
    // Started early, the final sync has less to wait for (measured: a third cheaper).
    const auto end = (offset + bytes.size()) / flush_bytes * flush_bytes;
    if (end > flushed_) {
      static_cast<void>(::sync_file_range(fd_.get(), static_cast<off_t>(flushed_),
                                          static_cast<off_t>(end - flushed_),
                                          SYNC_FILE_RANGE_WRITE));
      flushed_ = end;
    }
    return {};
  }

  result<> sync() {
    if (auto opened = open(); !opened)
      return opened;
    if (::fdatasync(fd_.get()) != 0)
      return fail_errno(errno, "fdatasync of a staging file");
    return {};
  }

private:
  result<> open() {
    if (fd_)
      return {};
    // One that was about to be stored when the server was killed is read-only by now.
    static_cast<void>(::chmod(path_.c_str(), 0640));
    auto fd = open_file(path_, O_WRONLY | O_CLOEXEC);
    if (!fd) // also if it is missing: that is not the client's doing
      return fail(errc::storage_io, fd.error().detail);
    // Bytes that came behind the last ones acknowledged are nobody's.
    struct stat about {};
    if (::fstat(fd->get(), &about) != 0)
      return fail_errno(errno, "stat a staging file");
    if (static_cast<std::uint64_t>(about.st_size) > start_
        && ::ftruncate(fd->get(), static_cast<off_t>(start_)) != 0)
      return fail_errno(errno, "truncate a staging file");
    fd_ = std::move(*fd);
    return {};
  }

  /// Room on disk for the bytes up to @p end and some more: in one piece as far as possible, but
  /// never much more than has come, or whoever only announces long bodies could fill the disk.
  result<> reserve(std::uint64_t end) {
    if (!length_ || *length_ < reserve_from_bytes || end <= reserved_)
      return {};
    const auto ahead = std::clamp(end, least_reserve_bytes, most_reserve_bytes);
    const auto until = std::min(*length_, end + ahead);
    const bool reserved =
      until <= reserved_
      || ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(reserved_),
                     static_cast<off_t>(until - reserved_))
           == 0;
    // Not every file system can.
    if (!reserved && (errno == ENOSPC || errno == EDQUOT))
      return fail_errno(errno, "fallocate of a staging file");
    reserved_ = until;
    return {};
  }

  std::filesystem::path path_;
  std::optional<std::uint64_t> length_;
  std::uint64_t start_;
  unique_fd fd_;
  std::uint64_t flushed_;
  std::uint64_t reserved_ = start_;
};

} // namespace

/// Held by the staging_file and by each job under way. A job hands its share back to the I/O
/// thread, so that the last one goes there.
struct staging_file::ring : std::enable_shared_from_this<ring> {
  using disk_strand = asio::strand<asio::thread_pool::executor_type>;

  struct slot {
    slot(buffer_budget& budget, std::size_t enough) : buffer{budget, enough} {}
    transfer_buffer buffer;
    std::size_t used = 0;
    unsigned jobs = 0;
  };

  ring(services& s, asio::any_io_executor executor, staging_file::plan what)
    : shared{s},
      io{std::move(executor)},
      length{what.length},
      grown{std::move(what.grown)},
      kept{std::move(what.kept)},
      wake{io},
      offset{what.start.bytes},
      writing{asio::make_strand(s.disk)},
      hashing{is_short() ? writing : asio::make_strand(s.disk)},
      file{what},
      saved{what.start.hash} {}

  /// One buffer holds it: not worth two threads.
  bool is_short() const {
    return length && *length <= transfer_buffer::small_bytes * 4;
  }

  /// A buffer with room, or nothing while all are busy.
  slot* writable() {
    resting = false;
    if (current == nullptr)
      current = free_slot();
    return current;
  }

  slot* free_slot() {
    const auto idle =
      std::find_if(slots.begin(), slots.end(), [](const slot& s) { return s.jobs == 0; });
    if (idle != slots.end()) {
      idle->used = 0;
      return &*idle;
    }
    if (slots.size() >= max_buffers)
      return nullptr;
    const auto left =
      length ? std::max(*length, offset + 1) - offset : transfer_buffer::large_bytes;
    const auto enough = std::min<std::uint64_t>(left, transfer_buffer::large_bytes);
    return &slots.emplace_back(shared.buffers, static_cast<std::size_t>(enough));
  }

  /// Sends the current buffer to the disk threads.
  void submit() {
    auto& s = *std::exchange(current, nullptr);
    const std::string_view bytes{s.buffer.bytes().data(), s.used};
    start(hashing, &s, [this, bytes] { return hash(bytes); });
    start(writing, &s, [this, bytes, at = offset] {
      auto done = file.write(bytes, at);
      if (done && grown)
        grown(at, at + bytes.size());
      return done;
    });
    offset += s.used;
  }

  /// @param s     whose bytes the work needs; may be null.
  /// @param work  runs on the strand while this ring is kept alive.
  template <class Work>
  void start(const disk_strand& strand, slot* s, Work work) {
    if (s != nullptr)
      ++s->jobs;
    ++jobs;
    asio::post(strand, [self = shared_from_this(), s, work = std::move(work)]() mutable {
      auto done = work();
      const auto executor = self->io;
      asio::post(executor, [self = std::move(self), s, done = std::move(done)] {
        if (s != nullptr)
          --s->jobs;
        self->finished(done);
      });
    });
  }

  /// On the hashing strand.
  result<> hash(std::string_view bytes) {
    if (!digest) {
      auto restored = sha256::restore(saved);
      if (!restored)
        return fail(restored.error());
      digest.emplace(std::move(*restored));
    }
    digest->update(bytes);
    return {};
  }

  /// Nothing is filled for now.
  void rest() {
    if (current != nullptr && current->used > 0)
      submit();
    current = nullptr;
    resting = true;
    free_idle_slots();
  }

  void free_idle_slots() {
    slots.remove_if([](const slot& s) { return s.jobs == 0; });
  }

  void finished(const result<>& done) {
    --jobs;
    if (resting)
      free_idle_slots();
    if (!done && !problem)
      problem = done.error();
    wake.cancel();
  }

  asio::awaitable<void> wait() {
    // No deadline: a disk that hangs holds its thread whether or not the request gives up.
    wake.expires_at(asio::steady_timer::time_point::max());
    co_await wake.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  services& shared;
  asio::any_io_executor io;
  std::optional<std::uint64_t> length;
  std::function<void(std::uint64_t, std::uint64_t)> grown;
  std::shared_ptr<void> kept;

  // The I/O thread's.
  asio::steady_timer wake;
  std::list<slot> slots; ///< Addresses stay.
  slot* current = nullptr;
  bool resting = false;
  std::uint64_t offset; ///< Of the next buffer to be submitted.
  std::size_t jobs = 0;
  std::optional<error> problem;

  // The strands'.
  disk_strand writing;
  disk_strand hashing;
  blocking_file file;
  std::optional<sha256> digest; ///< Nothing yet: it goes on from what was saved.
  std::string saved;
};

staging_file::staging_file(services& shared, asio::any_io_executor io, plan what)
  : ring_{std::make_shared<ring>(shared, std::move(io), std::move(what))} {}

staging_file::staging_file(staging_file&&) noexcept = default;
staging_file& staging_file::operator=(staging_file&&) noexcept = default;
staging_file::~staging_file() = default;

asio::awaitable<result<std::span<char>>> staging_file::room() {
  auto& r = *ring_;
  while (!r.problem && r.writable() == nullptr)
    co_await r.wait();
  if (r.problem)
    co_return fail(*r.problem);
  co_return r.current->buffer.bytes().subspan(r.current->used);
}

void staging_file::filled(std::size_t n) {
  auto& s = *ring_->current;
  s.used += n;
  if (s.used == s.buffer.bytes().size())
    ring_->submit();
}

void staging_file::rest() {
  ring_->rest();
}

asio::awaitable<result<staging_file::written>> staging_file::save() {
  auto& r = *ring_;
  if (r.current != nullptr && r.current->used > 0)
    r.submit();
  written out;
  out.bytes = r.offset;
  r.start(r.hashing, nullptr, [&r]() -> result<> {
    auto done = r.hash({});
    if (done)
      r.saved = r.digest->save();
    return done;
  });
  r.start(r.writing, nullptr, [&r] { return r.file.sync(); });
  while (r.jobs > 0)
    co_await r.wait();
  if (r.problem)
    co_return fail(*r.problem);
  out.hash = r.saved;
  co_return out;
}

} // namespace mediad::net
