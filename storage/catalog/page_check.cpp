#include "storage/catalog/page_check.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mediad::storage::lmdb {
namespace {

struct extent {
  std::uint64_t file = 0;  ///< Bytes of the file.
  std::uint64_t pages = 0; ///< Offset at which its last page ends.
  std::size_t map = 0;     ///< Bytes of the map.
};

result<extent> measure(MDB_env* env) {
  mdb_filehandle_t fd = -1;
  MDB_envinfo info{};
  MDB_stat stat{};
  struct stat about {};
  if (mdb_env_get_fd(env, &fd) != MDB_SUCCESS || mdb_env_info(env, &info) != MDB_SUCCESS
      || mdb_env_stat(env, &stat) != MDB_SUCCESS || ::fstat(fd, &about) != 0)
    return fail_errno(errno, "measure the database");
  return extent{static_cast<std::uint64_t>(about.st_size),
                (info.me_last_pgno + std::uint64_t{1}) * stat.ms_psize, info.me_mapsize};
}

/// Reads a byte of every page that @p value touches.
void touch(const MDB_val& value) {
  constexpr std::size_t page = 4096;
  const auto* bytes = static_cast<const volatile unsigned char*>(value.mv_data);
  for (std::size_t i = 0; i < value.mv_size; i += page)
    static_cast<void>(bytes[i]);
  if (value.mv_size > 0)
    static_cast<void>(bytes[value.mv_size - 1]);
}

/// Reads one table, and if it is the table of tables, those as well.
bool walk(MDB_txn* txn, MDB_dbi table, bool has_tables) {
  MDB_cursor* cursor = nullptr;
  if (mdb_cursor_open(txn, table, &cursor) != MDB_SUCCESS)
    return false;
  MDB_val key{};
  MDB_val value{};
  int rc = MDB_SUCCESS;
  while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
    touch(value);
    if (!has_tables)
      continue;
    const std::string name{static_cast<const char*>(key.mv_data), key.mv_size};
    MDB_dbi named{};
    if (mdb_dbi_open(txn, name.c_str(), 0, &named) != MDB_SUCCESS || !walk(txn, named, false))
      return false;
  }
  mdb_cursor_close(cursor);
  return rc == MDB_NOTFOUND;
}

/// The child opens an environment of its own, without locks: the other one is the parent's.
bool can_read_all(const std::filesystem::path& dir, std::size_t map_bytes) {
  constexpr MDB_dbi free_pages = 0;
  constexpr MDB_dbi table_of_tables = 1;
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  return mdb_env_create(&env) == MDB_SUCCESS && mdb_env_set_mapsize(env, map_bytes) == MDB_SUCCESS
         && mdb_env_set_maxdbs(env, 128) == MDB_SUCCESS
         && mdb_env_open(env, dir.c_str(), MDB_RDONLY | MDB_NOLOCK, 0) == MDB_SUCCESS
         && mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn) == MDB_SUCCESS
         && walk(txn, free_pages, false) && walk(txn, table_of_tables, true);
}

result<bool> child_can_read_all(const std::filesystem::path& dir, std::size_t map_bytes) {
  const auto child = ::fork();
  if (child < 0)
    return fail_errno(errno, "fork");
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::_exit(can_read_all(dir, map_bytes) ? 0 : 1);
  }
  int how = 0;
  while (::waitpid(child, &how, 0) < 0)
    if (errno != EINTR)
      return fail_errno(errno, "waitpid");
  return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

} // namespace

result<> check_pages(MDB_env* env, const std::filesystem::path& dir) {
  const auto found = measure(env);
  if (!found)
    return fail(found.error());
  if (found->file >= found->pages)
    return {};
  const auto whole = child_can_read_all(dir, found->map);
  if (!whole)
    return fail(whole.error());
  if (*whole)
    return {};
  return fail(errc::storage_io, "the database " + (dir / "data.mdb").string()
                                  + " is cut short: it has " + std::to_string(found->file) + " of "
                                  + std::to_string(found->pages)
                                  + " bytes, and what it lacks is in use: put a copy in its place "
                                    "(mediad restore --database)");
}

result<> check_whole(const std::filesystem::path& dir) {
  constexpr std::size_t as_it_says = 0; // The file itself has the size of its map.
  const auto whole = child_can_read_all(dir, as_it_says);
  if (!whole)
    return fail(whole.error());
  if (*whole)
    return {};
  return fail(errc::storage_io, "the database " + (dir / "data.mdb").string()
                                  + " is damaged: it cannot be read whole");
}

} // namespace mediad::storage::lmdb
