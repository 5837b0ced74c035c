#include "storage/journal_segment.hpp"

#include "base/sha256.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <type_traits>
#include <unistd.h>

namespace mediad::storage {
namespace {

constexpr auto block_bytes = journal_segment::block_bytes;
constexpr std::array<char, 8> segment_mark{'m', 'e', 'd', 'i', 'a', 'd', 'J', 'S'};
constexpr std::array<char, 8> record_mark{'m', 'e', 'd', 'i', 'a', 'd', 'J', 'R'};
constexpr std::uint32_t format_version = 1;
constexpr unsigned journal_mode = 0640;

/// At the beginning of a segment and of every record, in the byte order of the machine: a journal
/// does not travel. A generation is random, so that no body can hold what looks like a record.
struct block_head {
  std::array<char, 8> mark{};
  std::uint32_t version = format_version;
  std::uint32_t checksum = 0; ///< CRC-32 of the head with a zero here.
  std::uint64_t generation = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::array<char, 64> sha256{};
};
static_assert(std::is_trivially_copyable_v<block_head> && sizeof(block_head) == 104);

struct alignas(block_bytes) block {
  std::array<char, block_bytes> bytes{};
};

std::uint32_t checksum_of(block_head head) {
  head.checksum = 0;
  boost::crc_32_type crc;
  crc.process_bytes(&head, sizeof head);
  return crc.checksum();
}

std::optional<block_head> parse(const char* bytes, const std::array<char, 8>& mark) {
  block_head head;
  std::memcpy(&head, bytes, sizeof head);
  if (head.mark != mark || head.version != format_version || head.checksum != checksum_of(head))
    return std::nullopt;
  return head;
}

void put(block& into, block_head head) {
  head.checksum = checksum_of(head);
  std::memcpy(into.bytes.data(), &head, sizeof head);
}

bool is_aligned(const char* bytes) {
  void* at = const_cast<char*>(bytes); // NOLINT(cppcoreguidelines-pro-type-const-cast): asks only.
  std::size_t room = 2 * block_bytes;
  return std::align(block_bytes, block_bytes, at, room) == bytes;
}

result<> write_parts(int fd, std::vector<iovec> parts, std::uint64_t offset) {
  std::size_t at = 0;
  while (at < parts.size()) {
    const auto n =
      ::pwritev(fd, &parts[at], static_cast<int>(parts.size() - at), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail_errno(n == 0 ? EIO : errno, "write to the journal");
    offset += static_cast<std::uint64_t>(n);
    auto done = static_cast<std::size_t>(n);
    while (at < parts.size() && done >= parts[at].iov_len)
      done -= parts[at++].iov_len;
    if (at < parts.size()) {
      parts[at].iov_base = static_cast<char*>(parts[at].iov_base) + done;
      parts[at].iov_len -= done;
    }
  }
  return {};
}

/// @returns how many bytes there were.
result<std::size_t> read_at(int fd, char* into, std::size_t bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes) {
    const auto n = ::pread(fd, into + done, bytes - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(errno, "read the journal");
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

result<unique_fd> open_for_writing(const folders& root, const place& where) {
  auto direct = root.file(where, O_RDWR | O_DIRECT);
  return direct ? std::move(direct) : root.file(where, O_RDWR);
}

result<> fill(int fd, std::uint64_t bytes) {
  if (const int rc = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes)); rc != 0)
    return fail_errno(rc, "make room for the journal");
  constexpr std::size_t at_once = std::size_t{1} << 20U;
  const auto zeros = std::make_unique<std::array<block, at_once / block_bytes>>();
  for (std::uint64_t at = 0; at < bytes; at += at_once) {
    const auto n = std::min<std::uint64_t>(at_once, bytes - at);
    if (auto ok = write_all(fd, {zeros->front().bytes.data(), n}, at); !ok)
      return ok;
  }
  if (::fsync(fd) != 0)
    return fail_errno(errno, "sync the journal");
  return {};
}

} // namespace

result<journal_segment> journal_segment::open(const folders& root, const place& where) {
  auto file = open_for_writing(root, where);
  if (!file)
    return fail(file.error());
  auto reading = root.file(where, O_RDONLY);
  if (!reading)
    return fail(reading.error());
  struct stat about {};
  if (::fstat(reading->get(), &about) != 0)
    return fail_errno(errno, "stat " + where.path());
  if (!S_ISREG(about.st_mode))
    return fail(errc::storage_io, where.path() + " is not a file");
  journal_segment s{std::move(*file), std::move(*reading),
                    static_cast<std::uint64_t>(about.st_size), where.path()};
  const auto generation = s.generation();
  if (!generation)
    return fail(generation.error());
  s.generation_ = *generation;
  return s;
}

result<journal_segment> journal_segment::create(const folders& root, const place& where,
                                                std::uint64_t bytes) {
  const place aside{where.folder, where.name + ".new"};
  if (auto ok = root.remove(aside); !ok)
    return fail(ok.error());
  auto folder = root.folder(where.folder);
  if (!folder)
    return fail(folder.error());
  const unique_fd made{::openat(folder->get(), aside.name.c_str(),
                                O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, journal_mode)};
  if (!made)
    return fail_errno(errno, "create " + aside.path());
  auto writing = open_for_writing(root, aside);
  auto done = writing ? fill(writing->get(), bytes) : result<>{fail(writing.error())};
  if (done && ::renameat(folder->get(), aside.name.c_str(), folder->get(), where.name.c_str()) != 0)
    done = fail_errno(errno, "rename " + aside.path());
  if (done && ::fsync(folder->get()) != 0)
    done = fail_errno(errno, "sync " + where.folder);
  if (!done) {
    static_cast<void>(root.remove(aside));
    return fail(done.error());
  }
  auto s = open(root, where);
  if (s)
    if (auto ok = s->begin_generation(); !ok)
      return fail(ok.error());
  return s;
}

// Nothing readable there: no record can be of generation 0 either.
result<std::uint64_t> journal_segment::generation() const {
  block first;
  const auto n = read_at(reading_.get(), first.bytes.data(), block_bytes, 0);
  if (!n)
    return fail(n.error());
  const auto head = *n == block_bytes ? parse(first.bytes.data(), segment_mark) : std::nullopt;
  return head ? head->generation : 0;
}

result<> journal_segment::begin_generation() {
  block_head head;
  head.mark = segment_mark;
  while (head.generation == 0 || head.generation == generation_)
    if (::getrandom(&head.generation, sizeof head.generation, 0) != sizeof head.generation)
      return fail_errno(errno, "getrandom");
  block first;
  put(first, head);
  if (auto ok = write_all(file_.get(), {first.bytes.data(), block_bytes}, 0); !ok)
    return ok;
  if (auto ok = sync(); !ok)
    return ok;
  generation_ = head.generation;
  return {};
}

result<> journal_segment::write(std::uint64_t offset, std::string_view sha256,
                                std::string_view body) const {
  block_head head;
  if (sha256.size() != head.sha256.size() || body.size() > max_body_bytes)
    return fail(errc::internal, "no body for the journal");
  head.mark = record_mark;
  head.generation = generation_;
  head.offset = offset;
  head.length = body.size();
  std::copy(sha256.begin(), sha256.end(), head.sha256.begin());
  block first;
  put(first, head);
  // What is aligned already is written from where it is; the last, partial block never is.
  const auto in_place = is_aligned(body.data()) ? body.size() / block_bytes * block_bytes : 0;
  const auto rest = body.substr(in_place);
  std::vector<block> copied((rest.size() + block_bytes - 1) / block_bytes);
  if (!rest.empty())
    std::memcpy(copied.front().bytes.data(), rest.data(), rest.size());
  std::vector<iovec> parts{{first.bytes.data(), block_bytes}};
  if (in_place > 0)
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): pwritev does not write to it.
    parts.push_back({const_cast<char*>(body.data()), in_place});
  if (!copied.empty())
    parts.push_back({copied.front().bytes.data(), copied.size() * block_bytes});
  return write_parts(file_.get(), std::move(parts), offset);
}

result<> journal_segment::sync() const {
  if (::fdatasync(file_.get()) != 0)
    return fail_errno(errno, "sync " + called_);
  return {};
}

result<> journal_segment::scan(const std::function<result<>(const record&)>& visit) const {
  if (generation_ == 0)
    return {};
  block first;
  std::string body;
  auto seen = first_record;
  for (auto at = first_record; at + block_bytes <= bytes_ && at - seen <= max_unsynced_bytes;) {
    const auto n = read_at(reading_.get(), first.bytes.data(), block_bytes, at);
    if (!n)
      return fail(n.error());
    const auto head = parse(first.bytes.data(), record_mark);
    if (!head || head->generation != generation_ || head->offset != at
        || head->length > max_body_bytes || at + record_bytes(head->length) > bytes_) {
      at += block_bytes;
      continue;
    }
    body.resize(head->length);
    const auto there = read_at(reading_.get(), body.data(), body.size(), at + block_bytes);
    if (!there)
      return fail(there.error());
    body.resize(*there);
    if (auto ok = visit({{head->sha256.data(), head->sha256.size()}, body}); !ok)
      return ok;
    at += record_bytes(head->length);
    seen = at;
  }
  return {};
}

} // namespace mediad::storage
