#pragma once

#include "base/file.hpp"
#include "storage/catalog/lmdb.hpp"
#include "storage/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace mediad::storage {

/// The form of the tables as this program writes it. It grows when a release changes what older
/// ones would misread; a new tag or a table of its own is no such change.
inline constexpr std::uint32_t current_schema = 2;
/// The oldest schema whose programs may write what this program has written.
inline constexpr std::uint32_t current_writable_from = 2;

/// What `meta` says of a database.
struct schema_found {
  std::uint32_t schema = 0;
  std::uint32_t writable_from = 0;
};

/// The tables, with what is in a row. Users, files and folders are ids of 26 characters; values are
/// as tagged.hpp says, and an index has empty ones. The table `identities` (issuer, subject → user)
/// is reserved.
struct tables {
  MDB_dbi files{};       ///< file → file_record
  MDB_dbi by_user{};     ///< user, file → catalog_entry
  MDB_dbi usage{};       ///< user → usage; none: all zero
  MDB_dbi users{};       ///< user → user_row
  MDB_dbi user_names{};  ///< name → user
  MDB_dbi credentials{}; ///< credential → credential_row
  MDB_dbi audit{};       ///< id of its own → audit_row
  MDB_dbi shares{};      ///< share → share_row
  MDB_dbi folders{};     ///< folder → folder_row
  MDB_dbi subfolders{};  ///< folder that has it (a user for the root folder), folder → nothing
  MDB_dbi grants{};      ///< folder, user who may see it → grant_row
  MDB_dbi links{};       ///< user, folder (the user for the root folder), folded name → link_row
  MDB_dbi lists{};       ///< list_keys() of a file → nothing
  MDB_dbi tags{};        ///< user, folded tag → tag_row
  MDB_dbi tiles{};       ///< tile_key() of a file → tile
  MDB_dbi months{};      ///< user, month_of() → counter_row; none: no tile
  MDB_dbi trashed{};     ///< deleted_at (64-bit, big-endian), file → nothing
  MDB_dbi blobs{};       ///< sha256 → blob
  MDB_dbi events{};      ///< seq (64-bit, big-endian) → event
  MDB_dbi unfinished{};  ///< file → nothing; registered or processing
  MDB_dbi uploads{};     ///< file → upload_state
  MDB_dbi expiring{};    ///< expires_at (64-bit, big-endian), file → nothing
  MDB_dbi keys{};        ///< user, request key → key_row
  MDB_dbi key_ages{};    ///< created_at (64-bit, big-endian), user, request key → nothing
  /// `schema` and `writable_from` → a number in decimal digits, as every release must understand
  /// them; `last_seq`, `renames` and `sign_in` → counter_row; `relisting` → relisting_row.
  MDB_dbi meta{};
};

/// The LMDB environment and its tables in `<root>/system/db`, of which one process at a time may
/// be the writer.
class database {
public:
  /// Brings a database of an older schema to the current one, by build().
  using upgrade = std::function<result<>(const settings& s, const schema_found& found)>;

  /// The writer's lock, which is held as long as the descriptor is open.
  /// @returns errc::busy if another process has it.
  static result<unique_fd> lock(const settings& s);

  /// Opens for writing, creating it if there is none.
  /// @param older  called with the writer's lock held if the schema is older than this program's.
  /// @returns errc::busy if another writer has it; errc::conflict, with a sentence, if its schema
  ///          is not ours to write.
  static result<std::shared_ptr<database>> open(const settings& s, const upgrade& older);

  /// Opens for reading alone, also beside a running writer in another process.
  /// @returns errc::not_found if there is no database yet; errc::conflict if its schema is another.
  static result<std::shared_ptr<const database>> open_reader(const settings& s);

  /// @returns nothing if there is no database yet.
  static result<std::optional<schema_found>> look(const settings& s);

  /// Makes a database beside its place (`db.new`), has it filled, syncs it and puts it in its place
  /// with one rename, so that a half-made one is never met. What was there before is removed.
  /// @pre the writer's lock is held.
  static result<> build(const settings& s, const std::function<result<>(database&)>& fill);

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
  result<> open_tables();
  result<> write_schema();

  lmdb::environment env_;
  tables tables_;
  std::size_t soft_limit_;
  std::size_t reserved_bytes_ = 0; ///< Bytes of the map that have blocks on the disk.
  unique_fd lock_;
};

} // namespace mediad::storage
