#pragma once

#include "base/file.hpp"
#include "storage/catalog/lmdb.hpp"
#include "storage/settings.hpp"

#include <filesystem>
#include <memory>

namespace mediad::storage {

/// The tables, with what is in a row.
struct tables {
  MDB_dbi files{};      ///< id → stored_json
  MDB_dbi by_user{};    ///< user NUL id → catalog_entry, three bytes
  MDB_dbi usage{};      ///< user → usage (four 64-bit numbers, big-endian); none: all zero
  MDB_dbi blobs{};      ///< sha256 → bytes, users (two 64-bit numbers, big-endian)
  MDB_dbi events{};     ///< seq (64-bit, big-endian) → type NUL file_id NUL user NUL frame
  MDB_dbi unfinished{}; ///< id → nothing; registered or processing
  MDB_dbi links{};      ///< user NUL link_name → id
  MDB_dbi uploads{};    ///< id → upload_state as JSON
  MDB_dbi expiring{};   ///< expires_at (64-bit, big-endian), id → nothing
  MDB_dbi keys{};       ///< user NUL request key → key_row as JSON
  MDB_dbi key_ages{};   ///< created_at (64-bit, big-endian), user NUL request key → nothing
  MDB_dbi meta{};       ///< `schema` → 1; `last_seq` → 64-bit, big-endian
};

/// The LMDB environment and its tables in `<root>/system/db`, of which one process at a time may
/// be the writer.
class database {
public:
  /// Opens for writing, creating it if there is none. A new database is built beside its place,
  /// synced and renamed into it, so that a half-made one is never met again.
  /// @returns errc::busy if another writer has it, errc::conflict if its schema is not ours.
  static result<std::shared_ptr<database>> open(const settings& s);

  /// Opens for reading alone, also beside a running writer in another process.
  /// @returns errc::not_found if there is no database yet.
  static result<std::shared_ptr<const database>> open_reader(const settings& s);

  const tables& table() const {
    return tables_;
  }
  result<lmdb::read_txn> read() const {
    return env_.read();
  }
  result<lmdb::write_txn> write() {
    return env_.write();
  }
  result<int> check_readers() {
    return env_.check_readers();
  }
  /// True if this open() made it.
  bool is_new() const {
    return is_new_;
  }

  /// Keeps some blocks of the disk ready for the database: on a full disk it must still be possible
  /// to remove something, which begins with writing here.
  /// @returns false if the disk has none: then nothing new must be written.
  bool reserve();

  /// True once settings::map_bytes are in use. The map is a little larger than that, so that
  /// what was begun can be finished and files can still be removed.
  bool is_full() const;

private:
  database(lmdb::environment env, std::size_t soft_limit)
    : env_{std::move(env)}, soft_limit_{soft_limit} {}
  static result<std::shared_ptr<database>> open_at(const std::filesystem::path& dir,
                                                   std::size_t map_bytes, bool read_only);
  static result<> create(const std::filesystem::path& system, std::size_t map_bytes);
  result<> open_tables();
  result<> write_schema();
  result<> check_schema() const;

  lmdb::environment env_;
  tables tables_;
  std::size_t soft_limit_;
  std::size_t reserved_bytes_ = 0; ///< Of the map, from its beginning.
  unique_fd lock_;
  bool is_new_ = false;
};

} // namespace mediad::storage
