#include "storage/catalog/database.hpp"

#include "storage/tree/paths.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <utility>

namespace mediad::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view schema_key = "schema";
constexpr std::string_view writable_from_key = "writable_from";

// What was begun must be finishable, and a removal needs a few pages before it frees any.
std::size_t headroom(std::size_t map_bytes) {
  constexpr std::size_t least = std::size_t{1} << 20U;
  return std::max(least, map_bytes / 16);
}

result<bool> has_database(const fs::path& system) {
  std::error_code ec;
  const bool there = fs::exists(system / "db" / "data.mdb", ec);
  if (ec)
    return fail_errno(ec.value(), "look for the database in " + system.string());
  return there;
}

result<std::uint32_t> number_of(const lmdb::read_txn& txn, MDB_dbi meta, std::string_view key) {
  const auto text = txn.get(meta, key);
  if (!text)
    return fail(text.error());
  std::uint32_t n = 0;
  if (!*text)
    return n;
  const auto* end = (*text)->data() + (*text)->size();
  if (const auto [stop, problem] = std::from_chars((*text)->data(), end, n);
      problem != std::errc{} || stop != end)
    return fail(errc::internal, "the database's " + std::string{key} + " is no number");
  return n;
}

result<schema_found> schema_of(const fs::path& dir, std::size_t map_bytes) {
  lmdb::environment_settings e;
  e.map_bytes = map_bytes;
  e.read_only = true;
  auto env = lmdb::environment::open(dir, e);
  if (!env)
    return fail(env.error());
  const auto meta = env->open_table("meta");
  if (!meta)
    return fail(meta.error());
  auto txn = env->read();
  if (!txn)
    return fail(txn.error());
  const auto schema = number_of(*txn, *meta, schema_key);
  const auto from = number_of(*txn, *meta, writable_from_key);
  if (!schema || !from)
    return fail(schema ? from.error() : schema.error());
  // The first schema did not say it.
  return schema_found{*schema, *from == 0 ? *schema : *from};
}

error foreign(const schema_found& found) {
  const auto ours = std::to_string(current_schema);
  if (found.schema < current_schema)
    return fail(errc::conflict, "the database has schema " + std::to_string(found.schema)
                                  + ", and is migrated to schema " + ours
                                  + " when a server of this release starts");
  return fail(errc::conflict,
              "a newer release has migrated the database to schema " + std::to_string(found.schema)
                + ", which programs of schema " + std::to_string(found.writable_from)
                + " or later can use; this one has schema " + ours + ": start the newer release");
}

bool is_ours_to_use(const schema_found& found) {
  return found.schema >= current_schema && found.writable_from <= current_schema;
}

result<> remove_folder(const fs::path& folder) {
  std::error_code ec;
  fs::remove_all(folder, ec);
  return ec ? fail_errno(ec.value(), "remove " + folder.string()) : result<>{};
}

/// One step, also when there is a database in the place already: then that one is beside it after.
result<> put_in_place(const fs::path& fresh, const fs::path& where) {
  std::error_code ec;
  const bool replaces = fs::exists(where / "data.mdb", ec);
  // What a reader that came too early may have left; rename needs an empty folder.
  if (!replaces)
    fs::remove(where / "lock.mdb", ec);
  const unsigned flags = replaces ? RENAME_EXCHANGE : 0U;
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, where.c_str(), flags) != 0)
    return fail_errno(errno, "move the new database to " + where.string());
  return sync_directory(where.parent_path());
}

} // namespace

result<unique_fd> database::lock(const settings& s) {
  const auto file = s.root / "system/lock";
  auto fd = open_file(file, O_RDWR | O_CREAT, 0640);
  if (!fd || ::flock(fd->get(), LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (errno != EWOULDBLOCK)
    return fail_errno(errno, "lock " + file.string());
  return fail(errc::busy, "another process is using " + s.root.string() + " already: it holds "
                            + file.string());
}

result<std::shared_ptr<database>> database::open(const settings& s, const upgrade& older) {
  const auto system = s.root / "system";
  auto held = lock(s);
  if (!held)
    return fail(held.error());
  auto found = look(s);
  if (!found)
    return fail(found.error());
  if (!*found) {
    if (auto made = build(s, [](database&) { return result<>{}; }); !made)
      return fail(made.error());
    found = look(s);
  } else if ((*found)->schema < current_schema) {
    if (auto done = older(s, **found); !done)
      return fail(done.error());
    found = look(s);
  }
  if (!found || (*found && !is_ours_to_use(**found)))
    return fail(found ? foreign(**found) : found.error());
  // Beside the database there may be what a killed server was making, or had replaced.
  if (auto ok = remove_folder(system / "db.new"); !ok)
    return fail(ok.error());
  auto db = open_at(system / "db", s.map_bytes, false);
  if (!db)
    return db;
  (*db)->lock_ = std::move(*held);
  return db;
}

result<std::shared_ptr<const database>> database::open_reader(const settings& s) {
  const auto found = look(s);
  if (!found)
    return fail(found.error());
  if (!*found)
    return fail(errc::not_found, "there is no database in " + (s.root / "system").string());
  if (!is_ours_to_use(**found))
    return fail(foreign(**found));
  auto db = open_at(s.root / "system/db", s.map_bytes, true);
  if (!db)
    return fail(db.error());
  return std::shared_ptr<const database>{std::move(*db)};
}

result<std::optional<schema_found>> database::look(const settings& s) {
  const auto system = s.root / "system";
  const auto there = has_database(system);
  if (!there)
    return fail(there.error());
  if (!*there)
    return std::optional<schema_found>{};
  const auto found = schema_of(system / "db", s.map_bytes + headroom(s.map_bytes));
  if (!found)
    return fail(found.error());
  return std::optional{*found};
}

result<std::shared_ptr<database>> database::open_at(const fs::path& dir, std::size_t map_bytes,
                                                    bool read_only) {
  lmdb::environment_settings e;
  e.map_bytes = map_bytes + headroom(map_bytes);
  e.read_only = read_only;
  auto env = lmdb::environment::open(dir, e);
  if (!env)
    return fail(env.error());
  std::shared_ptr<database> db{new database{std::move(*env), map_bytes}};
  if (auto ok = db->open_tables(); !ok)
    return fail(ok.error());
  return db;
}

// LMDB can be left unopenable for good by a write cut short while it makes its file, so that
// happens where a second try finds nothing in its way.
result<> database::build(const settings& s, const std::function<result<>(database&)>& fill) {
  const auto system = s.root / "system";
  const auto fresh = system / "db.new";
  if (auto ok = remove_folder(fresh); !ok)
    return ok;
  if (::mkdir(fresh.c_str(), folder_mode) != 0)
    return fail_errno(errno, "make folder " + fresh.string());
  {
    auto db = open_at(fresh, s.map_bytes, false);
    auto done = db ? fill(**db) : fail(db.error());
    if (done)
      done = (*db)->write_schema();
    if (!done) {
      db = nullptr;
      static_cast<void>(remove_folder(fresh)); // The next start tries again.
      return done;
    }
  }
  if (auto ok = sync_directory(fresh); !ok)
    return ok;
  if (auto ok = put_in_place(fresh, system / "db"); !ok)
    return ok;
  return remove_folder(fresh);
}

result<> database::open_tables() {
  const std::array<std::pair<const char*, MDB_dbi*>, 25> all{{{"files", &tables_.files},
                                                              {"by_user", &tables_.by_user},
                                                              {"usage", &tables_.usage},
                                                              {"users", &tables_.users},
                                                              {"user_names", &tables_.user_names},
                                                              {"credentials", &tables_.credentials},
                                                              {"audit", &tables_.audit},
                                                              {"shares", &tables_.shares},
                                                              {"folders", &tables_.folders},
                                                              {"subfolders", &tables_.subfolders},
                                                              {"grants", &tables_.grants},
                                                              {"links", &tables_.links},
                                                              {"lists", &tables_.lists},
                                                              {"tags", &tables_.tags},
                                                              {"tiles", &tables_.tiles},
                                                              {"months", &tables_.months},
                                                              {"trashed", &tables_.trashed},
                                                              {"blobs", &tables_.blobs},
                                                              {"events", &tables_.events},
                                                              {"unfinished", &tables_.unfinished},
                                                              {"uploads", &tables_.uploads},
                                                              {"expiring", &tables_.expiring},
                                                              {"keys", &tables_.keys},
                                                              {"key_ages", &tables_.key_ages},
                                                              {"meta", &tables_.meta}}};
  for (const auto& [name, handle] : all) {
    auto table = env_.open_table(name);
    if (!table)
      return fail(table.error());
    *handle = *table;
  }
  return {};
}

result<> database::write_schema() {
  auto txn = env_.write();
  if (!txn)
    return fail(txn.error());
  auto done = txn->put(tables_.meta, schema_key, std::to_string(current_schema));
  if (done)
    done = txn->put(tables_.meta, writable_from_key, std::to_string(current_writable_from));
  return done ? std::move(*txn).commit() : done;
}

bool database::reserve() {
  constexpr std::size_t enough = std::size_t{1} << 20U;
  const auto reached = env_.reached_bytes();
  if (reserved_bytes_ >= reached + enough)
    return true;
  const auto wanted = reached + 2 * enough;
  if (const auto ok = env_.reserve(wanted); !ok)
    return false;
  reserved_bytes_ = wanted;
  return true;
}

bool database::is_full() const {
  if (env_.reached_bytes() <= soft_limit_)
    return false;
  const auto use = env_.use();
  return use && use->used_bytes > soft_limit_;
}

} // namespace mediad::storage
