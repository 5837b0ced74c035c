#include "storage/restore/restore.hpp"

#include "base/file.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/database.hpp"
#include "storage/copies/copies.hpp"
#include "storage/migration/migration.hpp"
#include "storage/restore/adoption.hpp"
#include "storage/restore/quarantine.hpp"
#include "storage/restore/survey.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/step_notes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace mediad::storage {
namespace {

namespace fs = std::filesystem;

/// Where the copy becomes the database: a root of its own for the database, which the next start
/// removes if this process is killed (database::open).
fs::path staging_root(const settings& s) {
  return s.root / "system/db.new";
}

std::string listed(const std::vector<database_copy>& all) {
  std::string names;
  for (const auto& copy : all)
    names.append(names.empty() ? "" : ", ").append(copy.name);
  return names;
}

result<database_copy> find_copy(const settings& s, const std::string& wanted) {
  auto all = find_copies(s.root);
  if (!all)
    return fail(all.error());
  if (wanted.empty() && !all->empty())
    return std::move(all->back());
  for (auto& copy : *all)
    if (copy.name == wanted)
      return std::move(copy);
  std::error_code ec;
  if (!wanted.empty() && fs::is_regular_file(fs::path{wanted} / "data.mdb", ec))
    return database_copy{wanted, 0, fs::absolute(wanted, ec)};
  const auto folder = (s.root / "system/copies").string();
  if (all->empty())
    return fail(errc::not_found,
                (wanted.empty() ? std::string{} : "there is no copy " + wanted + "; ")
                  + "there are no copies of the database in " + folder);
  return fail(errc::not_found,
              "there is no copy " + wanted + "; in " + folder + " there are: " + listed(*all));
}

result<> check_found(const settings& s, const database_copy& copy) {
  auto good = check_copy(copy);
  if (good)
    return good;
  const auto all = find_copies(s.root);
  return fail(good.error().code,
              good.error().detail
                + (all && all->size() > 1 ? "; take another: " + listed(*all) : std::string{}));
}

/// When a copy was made; one with a name of its own, when it was written.
result<unix_ms> age_of(const database_copy& copy) {
  if (copy.made_at != 0)
    return copy.made_at;
  struct stat about {};
  if (::stat((copy.folder / "data.mdb").c_str(), &about) != 0)
    return fail_errno(errno, "look at " + copy.folder.string());
  constexpr unix_ms thousand = 1'000;
  return about.st_mtim.tv_sec * thousand;
}

/// Copies the copy to where it can be changed.
result<> stage(const settings& s, const database_copy& copy) {
  const auto folder = staging_root(s) / "system/db";
  std::error_code ec;
  fs::remove_all(staging_root(s), ec);
  if (!ec)
    fs::create_directories(folder, ec);
  if (ec)
    return fail_errno(ec.value(), "make folder " + folder.string());
  const auto from = open_file(copy.folder / "data.mdb", O_RDONLY);
  auto to = open_file(folder / "data.mdb", O_RDWR | O_CREAT | O_EXCL);
  if (!from || !to)
    return fail(from ? to.error() : from.error());
  const auto bytes = opened_file{from->get()}.size();
  const auto free = free_bytes(folder);
  if (!bytes || !free)
    return fail(bytes ? free.error() : bytes.error());
  if (*free < *bytes)
    return fail(errc::storage_full, "the restored database takes " + mebibytes(*bytes)
                                      + " beside the one that is there; " + mebibytes(*free)
                                      + " are free in " + (s.root / "system").string());
  if (auto ok = copy_bytes(from->get(), to->get(), *bytes); !ok)
    return ok;
  if (auto ok = to->close(); !ok)
    return ok;
  return sync_file(folder / "data.mdb");
}

/// Brings the staged database to what is on the disk.
result<> fill(const settings& s, const folders& root, restore_summary& summary) {
  settings staged = s;
  staged.root = staging_root(s);
  auto db = database::open(
    staged, [](const settings& of, const schema_found& older) { return migrate(of, older); });
  if (!db)
    return fail(db.error());
  auto found = survey_disk(root);
  if (!found)
    return fail(found.error());
  if (auto ok = adopt(**db, root, *found, summary); !ok)
    return ok;
  return set_aside(**db, root, *found, summary);
}

/// @returns where the database that was there is now; an empty path if there was none.
result<fs::path> exchange(const settings& s) {
  const auto system = s.root / "system";
  const auto place = system / "db";
  auto aside = system / ("db.broken-" + name_of_copy(now_ms()));
  if (auto ok = sync_directory(staging_root(s) / "system/db"); !ok)
    return fail(ok.error());
  std::error_code ec;
  if (fs::exists(aside, ec))
    aside += "-" + make_ulid();
  fs::rename(staging_root(s) / "system/db", aside, ec);
  if (ec)
    return fail_errno(ec.value(), "rename the restored database to " + aside.string());
  const auto exchanged =
    ::renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE);
  if (exchanged != 0)
    return fail_errno(errno, "exchange " + aside.string() + " and " + place.string());
  if (auto ok = sync_directory(system); !ok)
    return fail(ok.error());
  fs::remove_all(staging_root(s), ec); // Else the next start does it.
  if (fs::exists(aside / "data.mdb", ec))
    return aside;
  fs::remove_all(aside, ec);
  return fs::path{};
}

} // namespace

result<restore_summary> restore_database(const settings& s, const std::string& copy) {
  std::error_code ec;
  if (!fs::is_directory(s.root / "system", ec))
    return fail(errc::not_found, "there is no data folder of a server in " + s.root.string());
  const auto lock = database::lock(s);
  if (!lock)
    return fail(lock.error());
  const auto chosen = find_copy(s, copy);
  if (!chosen)
    return fail(chosen.error());
  if (auto good = check_found(s, *chosen); !good)
    return fail(good.error());
  auto laid_out = create_layout(s.root);
  if (laid_out)
    laid_out = check_layout(s.root);
  const auto root = folders::open(s.root);
  if (!laid_out || !root)
    return fail(laid_out ? root.error() : laid_out.error());
  const auto made_at = age_of(*chosen);
  if (!made_at)
    return fail(made_at.error());
  restore_summary summary;
  summary.copy = chosen->folder;
  summary.made_at = *made_at;
  auto done = stage(s, *chosen);
  if (done)
    done = fill(s, *root, summary);
  // What the last server has noted was about another database.
  if (done)
    done = step_notes::forget(*root);
  if (!done) {
    fs::remove_all(staging_root(s), ec); // Else the next start does it.
    return fail(done.error());
  }
  auto replaced = exchange(s);
  if (!replaced)
    return fail(replaced.error());
  summary.replaced = std::move(*replaced);
  return summary;
}

} // namespace mediad::storage
