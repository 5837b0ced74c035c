#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/tree/folders.hpp"
#include "storage/tree/names.hpp"
#include "storage/tree/paths.hpp"
#include "storage/view.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace mediad::storage {
namespace {

result<stored_file> open_stored(const folders& root, const place& where, std::uint64_t bytes) {
  auto file = root.file(where, O_RDONLY);
  if (!file)
    return fail(file.error());
  struct stat facts {};
  if (::fstat(file->get(), &facts) != 0)
    return fail_errno(errno, "fstat " + where.path());
  if (!S_ISREG(facts.st_mode) || static_cast<std::uint64_t>(facts.st_size) != bytes)
    return fail(errc::internal, where.path() + " is not the file that its record describes");
  stored_file out;
  out.file = std::move(*file);
  out.bytes = bytes;
  out.modified = unix_ms{facts.st_mtim.tv_sec} * 1'000 + facts.st_mtim.tv_nsec / 1'000'000;
  return out;
}

error nothing_stored(std::string_view what) {
  return fail(errc::not_found, "the record names no " + std::string{what});
}

result<stored_file> open_rendition(const folders& root, const file_record& r,
                                   const std::string& name, std::uint64_t bytes) {
  if (!is_ulid(r.id) || !is_made_name(name))
    return nothing_stored("such rendition");
  return open_stored(root, {renditions_place(r.id).path(), name}, bytes);
}

/// @returns whether both files have the same bytes; false if @p stored cannot be read.
result<bool> is_same(int stored, int arrived) {
  constexpr std::size_t block = std::size_t{256} << 10U;
  std::vector<char> ours(block);
  std::vector<char> theirs(block);
  for (std::uint64_t at = 0;; at += block) {
    const auto n = read_at(arrived, theirs, at, "read an upload");
    if (!n)
      return fail(n.error());
    const auto known = read_at(stored, ours, at, "read what is stored");
    if (!known || *known != *n
        || !std::equal(theirs.begin(), theirs.begin() + static_cast<std::ptrdiff_t>(*n),
                       ours.begin()))
      return false;
    if (*n < block)
      return true;
  }
}

} // namespace

result<bool> view::has_bytes(std::string_view sha256) const {
  if (!is_sha256(sha256))
    return false;
  auto txn = db_->read();
  if (!txn)
    return fail(txn.error());
  const auto found = catalog_reader{*txn, db_->table()}.find_blob(sha256);
  if (!found)
    return fail(found.error());
  return found->has_value();
}

result<bool> view::is_damaged(std::string_view sha256, std::string_view staged_id) const {
  if (!is_sha256(sha256) || !is_ulid(staged_id))
    return fail(errc::not_found, "no upload");
  const auto arrived = root_->file(staging_place(staged_id), O_RDONLY);
  if (!arrived)
    return fail(arrived.error());
  const auto stored = root_->file(blob_place(sha256), O_RDONLY);
  if (!stored)
    return true;
  const auto same = is_same(stored->get(), arrived->get());
  return same ? result<bool>{!*same} : fail(same.error());
}

result<stored_file> view::open_original(const file_record& r) const {
  return open_original(r.sha256, r.bytes);
}

result<stored_file> view::open_original(std::string_view sha256, std::uint64_t bytes) const {
  if (!is_sha256(sha256))
    return nothing_stored("original");
  return open_stored(*root_, blob_place(sha256), bytes);
}

result<unique_fd> view::open_staged(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no upload");
  return root_->file(staging_place(id), O_RDONLY);
}

result<stored_file> view::open_preview(const file_record& r) const {
  if (!is_ulid(r.id) || !r.preview.exists())
    return nothing_stored("preview");
  return open_stored(*root_, preview_place(r.id), r.preview.file.bytes);
}

result<stored_file> view::open_rendition(const file_record& r, const made_file& made) const {
  return storage::open_rendition(*root_, r, made.name, made.bytes);
}

result<stored_file> view::open_archive(const file_record& r) const {
  if (!is_ulid(r.id) || r.archive.name.empty())
    return nothing_stored("archive");
  const auto own = own_bytes_of_archive(r);
  if (!own)
    return fail(own.error());
  return open_stored(*root_, archive_place(r.id), *own);
}

result<stored_file> view::open_spliced(const file_record& r, const splice& inserted) const {
  if (inserted.file.empty())
    return open_original(r.sha256, inserted.bytes);
  return storage::open_rendition(*root_, r, inserted.file, inserted.bytes);
}

result<std::uint64_t> view::free_bytes() const {
  return mediad::free_bytes(root_->path() / "store");
}

std::filesystem::path view::staging_path(std::string_view id) const {
  return is_ulid(id) ? root_->path() / staging_place(id).path() : std::filesystem::path{};
}

std::filesystem::path view::staging_folder() const {
  return root_->path() / storage::staging_folder;
}

std::filesystem::path view::work_dir(std::string_view id, std::uint32_t attempt) const {
  return is_ulid(id) ? root_->path() / work_place(id, attempt).path() : std::filesystem::path{};
}

} // namespace mediad::storage
