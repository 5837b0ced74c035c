#include "storage/catalog/lmdb.hpp"

#include "storage/catalog/page_check.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace mediad::storage::lmdb {
namespace {

error failed(int rc, const char* call) {
  const bool full = rc == MDB_MAP_FULL || rc == ENOSPC || rc == EDQUOT;
  return fail(full ? errc::storage_full : errc::storage_io,
              std::string{call} + ": " + mdb_strerror(rc));
}

MDB_val as_val(std::string_view bytes) {
  // LMDB takes void* but never writes through it here.
  return {bytes.size(), const_cast<char*>(bytes.data())};
}

std::string_view as_view(const MDB_val& v) {
  return {static_cast<const char*>(v.mv_data), v.mv_size};
}

} // namespace

result<std::optional<row>> cursor::step(MDB_cursor_op op, std::string_view key) {
  auto k = as_val(key);
  MDB_val v{};
  const int rc = mdb_cursor_get(cursor_.get(), &k, &v, op);
  if (rc == MDB_NOTFOUND)
    return std::optional<row>{};
  if (rc != MDB_SUCCESS)
    return failed(rc, "mdb_cursor_get");
  return std::optional{row{as_view(k), as_view(v)}};
}

result<std::optional<row>> cursor::first() {
  return step(MDB_FIRST);
}

result<std::optional<row>> cursor::last() {
  return step(MDB_LAST);
}

result<std::optional<row>> cursor::next() {
  return step(MDB_NEXT);
}

result<std::optional<row>> cursor::previous() {
  return step(MDB_PREV);
}

result<std::optional<row>> cursor::at_or_after(std::string_view key) {
  return step(MDB_SET_RANGE, key);
}

result<std::optional<row>> cursor::before(std::string_view key) {
  auto found = at_or_after(key);
  if (!found)
    return fail(found.error());
  return *found ? previous() : last();
}

result<std::optional<std::string_view>> read_txn::get(MDB_dbi table, std::string_view key) const {
  auto k = as_val(key);
  MDB_val v{};
  const int rc = mdb_get(txn_.get(), table, &k, &v);
  // A key that could never be stored is simply not there.
  if (rc == MDB_NOTFOUND || rc == MDB_BAD_VALSIZE)
    return std::optional<std::string_view>{};
  if (rc != MDB_SUCCESS)
    return failed(rc, "mdb_get");
  return std::optional{as_view(v)};
}

result<cursor> read_txn::walk(MDB_dbi table) const {
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(txn_.get(), table, &raw); rc != MDB_SUCCESS)
    return failed(rc, "mdb_cursor_open");
  return cursor{raw};
}

result<std::size_t> read_txn::count(MDB_dbi table) const {
  MDB_stat stat{};
  if (const int rc = mdb_stat(txn_.get(), table, &stat); rc != MDB_SUCCESS)
    return failed(rc, "mdb_stat");
  return stat.ms_entries;
}

result<> write_txn::put(MDB_dbi table, std::string_view key, std::string_view value) {
  auto k = as_val(key);
  auto v = as_val(value);
  if (const int rc = mdb_put(txn_.get(), table, &k, &v, 0); rc != MDB_SUCCESS)
    return failed(rc, "mdb_put");
  return {};
}

result<bool> write_txn::erase(MDB_dbi table, std::string_view key) {
  auto k = as_val(key);
  const int rc = mdb_del(txn_.get(), table, &k, nullptr);
  if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND)
    return failed(rc, "mdb_del");
  return rc == MDB_SUCCESS;
}

result<> write_txn::clear(MDB_dbi table) {
  if (const int rc = mdb_drop(txn_.get(), table, 0); rc != MDB_SUCCESS)
    return failed(rc, "mdb_drop");
  return {};
}

result<write_txn> write_txn::child() {
  MDB_txn* raw = nullptr;
  auto* const parent = txn_.get();
  if (const int rc = mdb_txn_begin(mdb_txn_env(parent), parent, 0, &raw); rc != MDB_SUCCESS)
    return failed(rc, "mdb_txn_begin (child)");
  return write_txn{raw};
}

result<> write_txn::commit() && {
  // mdb_txn_commit frees the handle even when it fails, so let go of it first.
  if (const int rc = mdb_txn_commit(txn_.release()); rc != MDB_SUCCESS)
    return failed(rc, "mdb_txn_commit");
  return {};
}

result<environment> environment::open(const std::filesystem::path& dir,
                                      const environment_settings& s) {
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_create");
  environment env{raw};
  env.read_only_ = s.read_only;
  if (const int rc = mdb_env_set_mapsize(raw, s.map_bytes); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_set_mapsize");
  if (const int rc = mdb_env_set_maxdbs(raw, s.max_tables); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_set_maxdbs");
  if (const int rc = mdb_env_set_maxreaders(raw, s.max_readers); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_set_maxreaders");
  // MDB_NOTLS: an actor may run on several threads over its life, and so may its readers.
  const unsigned flags = MDB_NOTLS | (s.read_only ? MDB_RDONLY : 0U);
  if (const int rc = mdb_env_open(raw, dir.c_str(), flags, 0640); rc != MDB_SUCCESS)
    return fail(failed(rc, "mdb_env_open").code,
                "database " + dir.string() + " cannot be opened: " + mdb_strerror(rc));
  if (auto whole = check_pages(raw, dir); !whole)
    return fail(whole.error());
  return env;
}

result<MDB_dbi> environment::open_table(const char* name) {
  MDB_txn* raw = nullptr;
  if (const int rc = mdb_txn_begin(env_.get(), nullptr, read_only_ ? MDB_RDONLY : 0U, &raw);
      rc != MDB_SUCCESS)
    return failed(rc, "mdb_txn_begin");
  write_txn txn{raw};
  MDB_dbi table{};
  if (const int rc = mdb_dbi_open(raw, name, read_only_ ? 0U : MDB_CREATE, &table);
      rc != MDB_SUCCESS)
    return fail(rc == MDB_NOTFOUND ? errc::not_found : errc::storage_io,
                std::string{"table "} + name + ": " + mdb_strerror(rc));
  // A reader commits as well: that is what makes the handle outlive the transaction.
  if (auto done = std::move(txn).commit(); !done)
    return fail(done.error());
  return table;
}

result<read_txn> environment::read() const {
  MDB_txn* raw = nullptr;
  if (const int rc = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &raw); rc != MDB_SUCCESS)
    return failed(rc, "mdb_txn_begin");
  return read_txn{raw};
}

result<write_txn> environment::write() {
  MDB_txn* raw = nullptr;
  if (const int rc = mdb_txn_begin(env_.get(), nullptr, 0, &raw); rc != MDB_SUCCESS)
    return failed(rc, "mdb_txn_begin");
  return write_txn{raw};
}

result<int> environment::check_readers() {
  int dead = 0;
  if (const int rc = mdb_reader_check(env_.get(), &dead); rc != MDB_SUCCESS)
    return failed(rc, "mdb_reader_check");
  return dead;
}

std::size_t environment::reached_bytes() const {
  // Neither call can fail with an open environment and a place to write to.
  MDB_envinfo info{};
  MDB_stat stat{};
  static_cast<void>(mdb_env_info(env_.get(), &info));
  static_cast<void>(mdb_env_stat(env_.get(), &stat));
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

result<> environment::reserve(std::size_t bytes) {
  mdb_filehandle_t fd = -1;
  if (const int rc = mdb_env_get_fd(env_.get(), &fd); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_get_fd");
  if (::fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0)
    return {};
  // Not every file system can.
  return errno == EOPNOTSUPP || errno == ENOSYS ? result<>{} : failed(errno, "fallocate");
}

result<> environment::copy_to(int fd) const {
  if (const int rc = mdb_env_copyfd2(env_.get(), fd, MDB_CP_COMPACT); rc != MDB_SUCCESS)
    return failed(rc, "mdb_env_copyfd2");
  return {};
}

result<map_use> environment::use() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  static_cast<void>(mdb_env_info(env_.get(), &info));
  static_cast<void>(mdb_env_stat(env_.get(), &stat));
  auto txn = read();
  if (!txn)
    return fail(txn.error());
  // Table 0 lists the free pages: each value is a count and then that many page numbers.
  auto free_list = txn->walk(0);
  if (!free_list)
    return fail(free_list.error());
  std::size_t free_pages = 0;
  auto entry = free_list->first();
  for (; entry && *entry; entry = free_list->next()) {
    std::size_t pages = 0;
    std::memcpy(&pages, (*entry)->value.data(), sizeof pages);
    free_pages += pages;
  }
  if (!entry)
    return fail(entry.error());
  return map_use{reached_bytes() - free_pages * stat.ms_psize, info.me_mapsize};
}

} // namespace mediad::storage::lmdb
