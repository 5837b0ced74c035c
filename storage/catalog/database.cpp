#include "storage/catalog/database.hpp"

#include "storage/tree/paths.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
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
constexpr std::string_view schema = "1";

// What was begun must be finishable, and a removal needs a few pages before it frees any.
std::size_t headroom(std::size_t map_bytes) {
  constexpr std::size_t least = std::size_t{1} << 20U;
  return std::max(least, map_bytes / 16);
}

result<unique_fd> lock_for_writing(const fs::path& system) {
  const auto file = system / "lock";
  auto fd = open_file(file, O_RDWR | O_CREAT, 0640);
  if (!fd || ::flock(fd->get(), LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (errno != EWOULDBLOCK)
    return fail_errno(errno, "lock " + file.string());
  return fail(errc::busy, "another process is using " + system.parent_path().string()
                            + " already: it holds " + file.string());
}

result<bool> has_database(const fs::path& system) {
  std::error_code ec;
  const bool there = fs::exists(system / "db" / "data.mdb", ec);
  if (ec)
    return fail_errno(ec.value(), "look for the database in " + system.string());
  return there;
}

} // namespace

result<std::shared_ptr<database>> database::open(const settings& s) {
  const auto system = s.root / "system";
  auto lock = lock_for_writing(system);
  if (!lock)
    return fail(lock.error());
  const auto there = has_database(system);
  if (!there)
    return fail(there.error());
  const auto map_bytes = s.map_bytes;
  if (!*there)
    if (auto made = create(system, map_bytes); !made)
      return fail(made.error());
  auto db = open_at(system / "db", map_bytes, false);
  if (!db)
    return db;
  (*db)->lock_ = std::move(*lock);
  (*db)->is_new_ = !*there;
  if (auto known = (*db)->check_schema(); !known)
    return fail(known.error());
  return db;
}

result<std::shared_ptr<const database>> database::open_reader(const settings& s) {
  const auto system = s.root / "system";
  const auto there = has_database(system);
  if (!there)
    return fail(there.error());
  if (!*there)
    return fail(errc::not_found, "there is no database in " + system.string());
  auto db = open_at(system / "db", s.map_bytes, true);
  if (!db)
    return fail(db.error());
  if (auto known = (*db)->check_schema(); !known)
    return fail(known.error());
  return std::shared_ptr<const database>{std::move(*db)};
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
result<> database::create(const fs::path& system, std::size_t map_bytes) {
  const auto fresh = system / "db.new";
  std::error_code ec;
  fs::remove_all(fresh, ec);
  if (ec)
    return fail_errno(ec.value(), "remove " + fresh.string());
  if (::mkdir(fresh.c_str(), folder_mode) != 0)
    return fail_errno(errno, "make folder " + fresh.string());
  {
    auto db = open_at(fresh, map_bytes, false);
    if (!db)
      return fail(db.error());
    if (auto ok = (*db)->write_schema(); !ok)
      return ok;
  }
  if (auto ok = sync_directory(fresh); !ok)
    return ok;
  // What a reader that came too early may have left; rename needs an empty folder.
  fs::remove(system / "db" / "lock.mdb", ec);
  fs::rename(fresh, system / "db", ec);
  if (ec)
    return fail_errno(ec.value(), "move the new database to " + (system / "db").string());
  return sync_directory(system);
}

result<> database::open_tables() {
  const std::array<std::pair<const char*, MDB_dbi*>, 12> all{{{"files", &tables_.files},
                                                              {"by_user", &tables_.by_user},
                                                              {"usage", &tables_.usage},
                                                              {"blobs", &tables_.blobs},
                                                              {"events", &tables_.events},
                                                              {"unfinished", &tables_.unfinished},
                                                              {"links", &tables_.links},
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
  if (auto ok = txn->put(tables_.meta, schema_key, schema); !ok)
    return ok;
  return std::move(*txn).commit();
}

result<> database::check_schema() const {
  auto txn = env_.read();
  if (!txn)
    return fail(txn.error());
  auto found = txn->get(tables_.meta, schema_key);
  if (!found)
    return fail(found.error());
  if (*found == schema)
    return {};
  return fail(errc::conflict, "the database has schema "
                                + (*found ? std::string{**found} : std::string{"none"})
                                + ", this program knows schema " + std::string{schema});
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
