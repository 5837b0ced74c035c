#include "net/uploads/staging_file.hpp"

#include "base/sha256.hpp"
#include "net/io/transfer_buffer.hpp"
#include "net/uploads/blocking_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>

namespace mediad::net::uploads {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_buffers = 4;

} // namespace

/// Held by the staging_file and by each job under way. Jobs return their shared_ptr to the I/O
/// thread, so that the destructor always runs there.
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
      file{what.file, what.length, what.start.bytes},
      saved{what.start.hash} {}

  /// One buffer holds it: not worth two threads.
  bool is_short() const {
    return length && *length <= transfer_buffer::small_bytes * 4;
  }

  /// A buffer with room, or nothing while all are busy.
  slot* writable() {
    idle = false;
    if (current == nullptr)
      current = free_slot();
    return current;
  }

  slot* free_slot() {
    const auto unused =
      std::find_if(slots.begin(), slots.end(), [](const slot& s) { return s.jobs == 0; });
    if (unused != slots.end()) {
      unused->used = 0;
      return &*unused;
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

  /// @param s     the slot whose bytes the work needs; may be null.
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

  /// Runs on the hashing strand.
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

  /// Nothing comes for now.
  void release_buffers() {
    if (current != nullptr && current->used > 0)
      submit();
    current = nullptr;
    idle = true;
    free_unused_slots();
  }

  void free_unused_slots() {
    slots.remove_if([](const slot& s) { return s.jobs == 0; });
  }

  void finished(const result<>& done) {
    --jobs;
    if (idle)
      free_unused_slots();
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

  // Touched by the I/O thread alone.
  asio::steady_timer wake;
  std::list<slot> slots; ///< Addresses stay.
  slot* current = nullptr;
  bool idle = false;    ///< Nothing comes for now.
  std::uint64_t offset; ///< Offset in the file of the next buffer.
  std::size_t jobs = 0;
  std::optional<error> problem;

  // Touched by the strands alone.
  disk_strand writing;
  disk_strand hashing;
  blocking_file file;
  std::optional<sha256> digest; ///< Covers all bytes so far; made from `saved` when first used.
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

void staging_file::release_buffers() {
  ring_->release_buffers();
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

} // namespace mediad::net::uploads
