#include "base/log.hpp"
#include "base/sha256.hpp"
#include "storage/catalog.hpp"
#include "storage/journal.hpp"
#include "storage/names.hpp"
#include "storage/sync.hpp"

#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

std::string digest_of(std::string_view bytes) {
  sha256 hash;
  hash.update(bytes);
  return std::move(hash).hex();
}

class replay {
public:
  replay(const folders& root, const database& db) : root_{root}, db_{db} {}

  result<std::size_t> run() {
    for (std::size_t i = 0;; ++i) {
      const auto segment = journal_segment::open(root_, journal_place(i));
      if (!segment && segment.error().code == errc::not_found)
        break;
      if (!segment)
        return fail(segment.error());
      // What the page cache alone has cannot be dropped from it.
      if (auto ok = sync_file_system(root_, "store"); !ok)
        return fail(ok.error());
      const auto done =
        segment->scan([this](const journal_segment::record& r) { return look_at(r); });
      if (!done)
        return fail(done.error());
    }
    if (written_ > 0)
      if (auto ok = sync_file_system(root_, "store"); !ok)
        return fail(ok.error());
    return written_;
  }

private:
  result<> look_at(const journal_segment::record& r) {
    std::string sha256{r.sha256};
    if (!is_sha256(sha256) || done_.contains(sha256))
      return {};
    auto txn = db_.read();
    if (!txn)
      return fail(txn.error());
    const auto known = catalog_reader{*txn, db_.table()}.find_blob(sha256);
    if (!known)
      return fail(known.error());
    if (!*known || (*known)->bytes != r.body.size())
      return {};
    auto whole = is_whole(blob_place(sha256), r.body.size());
    if (!whole)
      return fail(whole.error());
    if (!*whole) {
      // A later record may have it whole.
      if (digest_of(r.body) != sha256)
        return {};
      if (auto ok = write_again(blob_place(sha256), r.body); !ok)
        return ok;
      ++written_;
    }
    done_.insert(std::move(sha256));
    return {};
  }

  /// Whether the right bytes are on the disk. What the page cache has would tell little: it keeps
  /// also what could not be written.
  result<bool> is_whole(const place& blob, std::uint64_t bytes) const {
    const auto file = root_.file(blob, O_RDONLY);
    if (!file)
      return file.error().code == errc::not_found ? result<bool>{false} : fail(file.error());
    struct stat about {};
    if (::fstat(file->get(), &about) != 0)
      return fail_errno(errno, "stat " + blob.path());
    if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) != bytes)
      return false;
    static_cast<void>(::posix_fadvise(file->get(), 0, 0, POSIX_FADV_DONTNEED));
    std::string there(bytes, '\0');
    std::size_t n = 0;
    while (n < there.size()) {
      const auto got = ::pread(file->get(), &there[n], there.size() - n, static_cast<off_t>(n));
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return false;
      n += static_cast<std::size_t>(got);
    }
    return digest_of(there) == blob.name;
  }

  result<> write_again(const place& blob, std::string_view body) {
    log::warning("storage", blob.path() + " is written again from the journal");
    // People's links lead to what is there, so it is mended and not replaced.
    const auto there = root_.file(blob, O_RDONLY);
    struct stat about {};
    if (there && ::fstat(there->get(), &about) == 0 && S_ISREG(about.st_mode)) {
      if (::fchmod(there->get(), stored_mode | S_IWUSR) != 0)
        return fail_errno(errno, "chmod " + blob.path());
      const auto file = root_.file(blob, O_WRONLY);
      return file ? fill(file->get(), body) : result<>{fail(file.error())};
    }
    const place aside{"system/staging", "journal-" + blob.name};
    for (const auto& old : {aside, blob})
      if (auto ok = root_.remove(old); !ok)
        return ok;
    const auto from = root_.folder(aside.folder);
    const auto to = root_.folder(blob.folder);
    if (!from || !to)
      return fail(from ? to.error() : from.error());
    const unique_fd file{::openat(from->get(), aside.name.c_str(),
                                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                  stored_mode)};
    if (!file)
      return fail_errno(errno, "create " + aside.path());
    if (auto ok = fill(file.get(), body); !ok)
      return ok;
    if (::renameat(from->get(), aside.name.c_str(), to->get(), blob.name.c_str()) != 0)
      return fail_errno(errno, "rename " + aside.path());
    return {};
  }

  static result<> fill(int fd, std::string_view body) {
    if (auto ok = write_all(fd, body, 0); !ok)
      return ok;
    if (::ftruncate(fd, static_cast<off_t>(body.size())) != 0)
      return fail_errno(errno, "truncate a stored file");
    if (::fchmod(fd, stored_mode) != 0)
      return fail_errno(errno, "chmod a stored file");
    return {};
  }

  const folders& root_;
  const database& db_;
  std::set<std::string> done_;
  std::size_t written_ = 0;
};

} // namespace

result<std::size_t> replay_journal(const folders& root, const database& db) {
  return replay{root, db}.run();
}

} // namespace mediad::storage
