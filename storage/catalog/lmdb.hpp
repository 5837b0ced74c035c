#pragma once

#include "base/error.hpp"

#include <lmdb.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// RAII over LMDB, and all of LMDB that the rest may see. Durability is never traded: neither
/// NOSYNC, NOMETASYNC nor WRITEMAP can be asked for.
namespace mediad::storage::lmdb {

namespace detail {

struct close_env {
  void operator()(MDB_env* env) const noexcept {
    mdb_env_close(env);
  }
};

struct abort_txn {
  void operator()(MDB_txn* txn) const noexcept {
    mdb_txn_abort(txn);
  }
};

struct close_cursor {
  void operator()(MDB_cursor* c) const noexcept {
    mdb_cursor_close(c);
  }
};

} // namespace detail

/// Keys longer than this are refused (LMDB's compiled-in limit).
inline constexpr std::size_t max_key_bytes = 511;

/// One entry under a cursor. Dies with the transaction, or with its next write.
struct row {
  std::string_view key;
  std::string_view value;
};

/// Walks one table in byte order of its keys. Must not outlive its transaction. Each call gives
/// the row it arrived at, or nothing at the end.
class cursor {
public:
  result<std::optional<row>> first();
  result<std::optional<row>> last();
  result<std::optional<row>> next();
  /// The first row whose key is @p key or greater.
  result<std::optional<row>> at_or_after(std::string_view key);
  /// The last row whose key is less than @p key.
  result<std::optional<row>> before(std::string_view key);
  /// The last row whose key is less than the one under the cursor.
  result<std::optional<row>> previous();

private:
  friend class read_txn;
  explicit cursor(MDB_cursor* c) : cursor_{c} {}
  result<std::optional<row>> step(MDB_cursor_op op, std::string_view key = {});
  std::unique_ptr<MDB_cursor, detail::close_cursor> cursor_;
};

/// A consistent view of the database. Views it returns die with it. Keep it under a second:
/// pages freed meanwhile cannot be used again.
class read_txn {
public:
  result<std::optional<std::string_view>> get(MDB_dbi table, std::string_view key) const;
  result<cursor> walk(MDB_dbi table) const;
  /// Rows in @p table.
  result<std::size_t> count(MDB_dbi table) const;

protected:
  friend class environment;
  explicit read_txn(MDB_txn* txn) : txn_{txn} {}
  std::unique_ptr<MDB_txn, detail::abort_txn> txn_;
};

/// Visits all rows of a table in byte order of their keys, until a visit fails.
/// @param visit  result<>(std::string_view key, std::string_view value).
template <class Visit>
result<> for_each(const read_txn& txn, MDB_dbi table, Visit visit) {
  auto walk = txn.walk(table);
  if (!walk)
    return fail(walk.error());
  auto row = walk->first();
  for (; row && *row; row = walk->next())
    if (auto ok = visit((*row)->key, (*row)->value); !ok)
      return ok;
  return row ? result<>{} : fail(row.error());
}

/// The only way to change the database; discarded unless committed. Stays on the thread that
/// began it.
class write_txn : public read_txn {
public:
  result<> put(MDB_dbi table, std::string_view key, std::string_view value);

  /// @returns whether there was such a key.
  result<bool> erase(MDB_dbi table, std::string_view key);

  /// Removes all rows of a table at once.
  result<> clear(MDB_dbi table);

  /// A transaction within this one, which must not be used until the child has ended: committed
  /// it becomes part of this one, otherwise it leaves no trace. Must not outlive this one.
  result<write_txn> child();

  /// Durable once it returns success (one fsync); a child's commit only joins its parent's.
  /// @returns errc::storage_full if map or disk have no room: nothing of it happened then.
  result<> commit() &&;

private:
  friend class environment;
  using read_txn::read_txn;
};

/// How much of the map is in use.
struct map_use {
  std::size_t used_bytes = 0; ///< Pages that hold something now.
  std::size_t map_bytes = 0;
};

/// What environment::open needs to know.
struct environment_settings {
  std::size_t map_bytes = std::size_t{1} << 30U; ///< The hard upper bound of the database's size.
  unsigned max_tables = 64;
  unsigned max_readers = 1024; ///< Read transactions at one time, over all processes.
  bool read_only = false;
};

/// One database directory. A process must not open the same one twice, nor carry it across fork.
class environment {
public:
  /// @param dir an existing directory on a local disk (LMDB maps it into memory).
  static result<environment> open(const std::filesystem::path& dir, const environment_settings& s);

  /// Opens a table, making it if it is missing and the environment may write.
  /// @returns errc::not_found if it is missing and the environment only reads.
  result<MDB_dbi> open_table(const char* name);
  result<read_txn> read() const;
  result<write_txn> write();

  /// Frees the slots of readers whose process died; without this the file grows.
  /// @returns how many there were.
  result<int> check_readers();

  /// The highest byte of the map ever reached; an upper bound of what is in use, at no cost.
  std::size_t reached_bytes() const;

  /// Takes blocks of the disk for the map to grow into, up to @p bytes, without growing the file.
  /// @returns errc::storage_full if there are none.
  result<> reserve(std::size_t bytes);

  /// Writes what is in use into the empty file @p fd, as it is at one moment, without the free
  /// pages. No writer waits for it, but pages that are freed meanwhile cannot be used again until
  /// it is done. Not synced.
  result<> copy_to(int fd) const;

  /// Reads the whole list of free pages.
  result<map_use> use() const;

private:
  explicit environment(MDB_env* env) : env_{env} {}
  std::unique_ptr<MDB_env, detail::close_env> env_;
  bool read_only_ = false;
};

} // namespace mediad::storage::lmdb
