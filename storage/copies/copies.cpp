#include "storage/copies/copies.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "storage/catalog/lmdb.hpp"
#include "storage/catalog/page_check.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mediad::storage {
namespace {

namespace fs = std::filesystem;

/// What a copy is called until it is known to be good.
constexpr const char* unfinished = "new";

fs::path copies_in(const fs::path& root) {
  return root / "system/copies";
}

result<> make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), folder_mode) == 0 || errno == EEXIST)
    return {};
  return fail_errno(errno, "make folder " + folder.string());
}

result<> remove_folder(const fs::path& folder) {
  std::error_code ec;
  fs::remove_all(folder, ec);
  return ec ? fail_errno(ec.value(), "remove " + folder.string()) : result<>{};
}

/// Held while a copy is made: it would be removed as a leftover by the process that makes another.
result<unique_fd> lock_copies(const fs::path& copies) {
  auto made = make_folder(copies);
  if (made)
    made = sync_directory(copies.parent_path());
  if (!made)
    return fail(made.error());
  auto fd = open_file(copies, O_RDONLY | O_DIRECTORY);
  if (!fd || ::flock(fd->get(), LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (errno != EWOULDBLOCK)
    return fail_errno(errno, "lock " + copies.string());
  return fail(errc::busy, "another process is making a copy of the database");
}

result<> check_room(const settings& s, const lmdb::environment& env) {
  const auto use = env.use();
  const auto free = free_bytes(copies_in(s.root));
  if (!use || !free)
    return fail(use ? free.error() : use.error());
  if (*free >= use->used_bytes + s.min_free_bytes)
    return {};
  return fail(errc::storage_full, "no copy of the database is made: it would take up to "
                                    + mebibytes(use->used_bytes) + ", " + mebibytes(*free)
                                    + " are free, and " + mebibytes(s.min_free_bytes)
                                    + " must stay (storage.min_free)");
}

result<> write_copy(const lmdb::environment& env, const fs::path& file) {
  auto fd = open_file(file, O_RDWR | O_CREAT | O_EXCL);
  if (!fd)
    return fail(fd.error());
  if (auto ok = env.copy_to(fd->get()); !ok)
    return ok;
  if (::fsync(fd->get()) != 0)
    return fail_errno(errno, "sync " + file.string());
  // So that the check reads what is on the disk.
  ::posix_fadvise(fd->get(), 0, 0, POSIX_FADV_DONTNEED);
  return fd->close();
}

/// Gives a finished copy its name.
result<database_copy> name_copy(const fs::path& copies, unix_ms now) {
  database_copy made;
  made.name = name_of_copy(now);
  made.made_at = time_of_copy(made.name);
  made.folder = copies / made.name;
  if (auto ok = sync_directory(copies / unfinished); !ok)
    return fail(ok.error());
  if (::renameat2(AT_FDCWD, (copies / unfinished).c_str(), AT_FDCWD, made.folder.c_str(),
                  RENAME_NOREPLACE)
      != 0)
    return fail_errno(errno, "rename a copy of the database to " + made.folder.string());
  if (auto ok = sync_directory(copies); !ok)
    return fail(ok.error());
  return made;
}

/// A copy that cannot be removed takes up room, and does no other harm.
void drop_oldest(const settings& s, const database_copy& newest) {
  auto all = find_copies(s.root);
  if (!all)
    return log::warning("storage", all.error().detail);
  // The clock may have stepped back: the one that was just made stays in any case.
  std::erase_if(*all, [&](const database_copy& c) { return c.name == newest.name; });
  const std::size_t others = std::max(s.database_copies, 1U) - 1;
  for (std::size_t i = 0; i + others < all->size(); ++i)
    if (auto gone = remove_folder((*all)[i].folder); !gone)
      log::warning("storage", gone.error().detail);
}

result<database_copy> copy_now(const settings& s, const fs::path& copies) {
  lmdb::environment_settings e;
  e.map_bytes = 0; // As large as the database says.
  e.read_only = true;
  const auto db = s.root / "system/db";
  if (std::error_code ec; !fs::exists(db / "data.mdb", ec))
    return fail(errc::not_found, "there is no database in " + db.string());
  auto env = lmdb::environment::open(db, e);
  if (!env)
    return fail(env.error());
  if (auto ok = check_room(s, *env); !ok)
    return fail(ok.error());
  if (auto ok = make_folder(copies / unfinished); !ok)
    return fail(ok.error());
  if (auto ok = write_copy(*env, copies / unfinished / "data.mdb"); !ok)
    return fail(ok.error());
  if (auto ok = lmdb::check_whole(copies / unfinished); !ok)
    return fail(ok.error());
  return name_copy(copies, now_ms());
}

} // namespace

std::string name_of_copy(unix_ms made_at) {
  auto name = to_rfc3339(made_at);
  name.erase(name.find('.'), 4); // Milliseconds.
  name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == '-' || c == ':'; }),
             name.end());
  return name;
}

unix_ms time_of_copy(std::string_view name) {
  constexpr std::string_view form = "00000000T000000Z";
  if (name.size() != form.size())
    return 0;
  const std::string t{name};
  return parse_rfc3339(t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + t.substr(8, 3)
                       + ":" + t.substr(11, 2) + ":" + t.substr(13, 2) + ".000Z");
}

result<std::vector<database_copy>> find_copies(const fs::path& root) {
  std::vector<database_copy> found;
  std::error_code ec;
  for (fs::directory_iterator it{copies_in(root), ec}, end; !ec && it != end; it.increment(ec)) {
    auto name = it->path().filename().string();
    if (const auto made_at = time_of_copy(name); made_at != 0)
      found.push_back({std::move(name), made_at, it->path()});
  }
  if (ec && ec != std::errc::no_such_file_or_directory)
    return fail_errno(ec.value(), "list " + copies_in(root).string());
  std::sort(found.begin(), found.end(),
            [](const database_copy& a, const database_copy& b) { return a.name < b.name; });
  return found;
}

result<database_copy> make_copy(const settings& s) {
  const auto copies = copies_in(s.root);
  const auto lock = lock_copies(copies);
  if (!lock)
    return fail(lock.error());
  if (auto ok = remove_folder(copies / unfinished); !ok)
    return fail(ok.error());
  auto made = copy_now(s, copies);
  if (made)
    drop_oldest(s, *made);
  else
    static_cast<void>(remove_folder(copies / unfinished)); // The next one does it.
  return made;
}

result<> check_copy(const database_copy& copy) {
  return lmdb::check_whole(copy.folder);
}

// A second name for the file costs nothing, and is there before the change. Until then it is a
// leftover that an operator may remove: it is still the file that the server writes.
result<> keep_replaced(const settings& s, const std::function<result<>()>& change) {
  if (s.database_copies == 0)
    return change();
  const auto copies = copies_in(s.root);
  const auto kept = copies / unfinished;
  const auto lock = lock_copies(copies);
  auto ready = lock ? remove_folder(kept) : fail(lock.error());
  if (ready)
    ready = make_folder(kept);
  const auto file = s.root / "system/db/data.mdb";
  if (ready && ::link(file.c_str(), (kept / "data.mdb").c_str()) != 0)
    ready = fail_errno(errno, "link " + file.string() + " to " + kept.string());
  auto done = change();
  const auto free = free_bytes(copies);
  if (done && ready && free && *free < s.min_free_bytes)
    ready = fail(errc::storage_full, "only " + mebibytes(*free) + " are free");
  auto named = done && ready ? name_copy(copies, now_ms()) : result<database_copy>{database_copy{}};
  if (!named)
    ready = fail(named.error());
  if (!done || !ready)
    static_cast<void>(remove_folder(kept));
  else
    drop_oldest(s, *named);
  if (done && !ready)
    log::warning("storage", "the database as it was is not kept: " + ready.error().detail);
  return done;
}

} // namespace mediad::storage
