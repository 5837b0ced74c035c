#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/recovery/inspection_run.hpp"
#include "storage/recovery/some_rows.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/// Reads stored bytes, and brings damaged ones back.
namespace mediad::storage {
namespace {

struct blob_at {
  std::string digest;
  std::uint64_t bytes = 0;
};

/// @param after  the digest before; moved on.
result<std::vector<blob_at>> blobs_after(const database& db, std::string& after) {
  constexpr std::size_t at_once = 64;
  std::vector<blob_at> some;
  const auto add = [&](const lmdb::read_txn&, std::string_view digest,
                       std::string_view value) -> result<> {
    const auto known = parse_blob(value);
    if (!known)
      return fail(known.error());
    some.push_back({std::string{digest}, known->bytes});
    return {};
  };
  if (const auto visited = visit_some(db, db.table().blobs, after, at_once, add); !visited)
    return fail(visited.error());
  return some;
}

result<std::uint64_t> bytes_of_all_blobs(const database& db) {
  std::uint64_t sum = 0;
  for (std::string after;;) {
    const auto some = blobs_after(db, after);
    if (!some)
      return fail(some.error());
    if (some->empty())
      return sum;
    for (const auto& one : *some)
      sum += one.bytes;
  }
}

} // namespace

result<> inspection_run::verify_blobs() {
  const auto all = bytes_of_all_blobs(db_);
  if (!all)
    return fail(all.error());
  report_.all_bytes = *all;
  for (std::string after;;) {
    const auto some = blobs_after(db_, after);
    if (!some)
      return fail(some.error());
    if (some->empty())
      return {};
    verified right;
    for (const auto& one : *some) {
      const auto where = blob_place(one.digest);
      const auto there = root_.look(where);
      if (auto ok = look(); !ok)
        return ok;
      // What is missing or cut short, the comparison of the files finds.
      if (!there || !*there || !(*there)->is_regular || (*there)->bytes != one.bytes)
        continue;
      const auto is_right = has_digest(where, one.digest);
      if (!is_right)
        return fail(is_right.error());
      if (*is_right)
        right.digests.push_back(one.digest);
      else
        bad_[one.digest] = (*there)->inode;
    }
    if (right.digests.empty())
      continue;
    if (auto noted = apply(std::move(right)); !noted)
      return fail(noted.error());
  }
}

result<std::string> inspection_run::digest_of(const unique_fd& file) {
  constexpr std::size_t block = std::size_t{256} << 10U;
  std::string bytes(block, '\0');
  sha256 hash;
  for (std::uint64_t at = 0;;) {
    const auto count = read_at(file.get(), bytes, at, "read");
    if (!count)
      return fail(count.error());
    if (*count == 0)
      return std::move(hash).hex();
    hash.update({bytes.data(), *count});
    // No other process is likely to read these bytes soon.
    static_cast<void>(::posix_fadvise(file.get(), static_cast<off_t>(at),
                                      static_cast<off_t>(*count), POSIX_FADV_DONTNEED));
    at += *count;
    report_.verified_bytes += *count;
    if (!reading_.spend(*count))
      return fail(errc::cancelled, "the inspection is asked to end");
    tell();
  }
}

result<bool> inspection_run::has_digest(const place& where, const std::string& sha256) {
  const auto file = root_.file(where, O_RDONLY);
  // It may have been removed a moment ago: then it is not damaged.
  if (!file && file.error().code == errc::not_found)
    return true;
  if (!file) {
    log::error("storage", file.error());
    return false;
  }
  const auto digest = digest_of(*file);
  if (digest)
    return *digest == sha256;
  if (digest.error().code == errc::cancelled)
    return fail(digest.error());
  log::error("storage", where.path() + ": " + digest.error().detail);
  return false;
}

/// The name gets a second one in the work folder before its bytes are read: a person may replace
/// the first meanwhile.
result<bool> inspection_run::heal(const file_record& record) {
  const auto stored = root_.look(blob_place(record.sha256));
  const auto shown = original_link(record);
  const auto there = root_.look(shown);
  const bool has_other = there && *there && (*there)->is_regular && (*there)->bytes == record.bytes
                         && !(stored && *stored && (*stored)->inode == (*there)->inode);
  if (!has_other || !has_names(record))
    return false;
  const place aside{work_folder, "heal-" + make_ulid()};
  const auto source = root_.folder(shown.folder);
  const auto target = root_.folder(work_folder);
  if (!source || !target
      || ::linkat(source->get(), shown.name.c_str(), target->get(), aside.name.c_str(), 0) != 0)
    return false;
  const auto file = root_.file(aside, O_RDONLY);
  const auto digest = file ? digest_of(*file) : result<std::string>{file.error()};
  if (!digest || *digest != record.sha256) {
    static_cast<void>(root_.remove(aside));
    if (!digest && digest.error().code == errc::cancelled)
      return fail(digest.error());
    return false;
  }
  const auto bad = bad_.find(record.sha256);
  const auto done =
    apply(restored{record.sha256, aside.name, bad != bad_.end() ? bad->second : std::uint64_t{0}});
  if (!done)
    return fail(done.error());
  log::warning(record.id, "the bytes of \"" + record.name + "\" were damaged, and are well again");
  report_.healed += done->made;
  constexpr std::size_t max_healed = 100'000;
  if (healed_.size() < max_healed)
    healed_.insert(record.sha256);
  return true;
}

} // namespace mediad::storage
