#include "storage/migration/migration.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/service_manager.hpp"
#include "base/ulid.hpp"
#include "storage/migration/conversion.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace mediad::storage {
namespace {

using clock = std::chrono::steady_clock;

/// What the service manager is asked to wait for the next report.
constexpr const char* patience = "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=";

/// Says from time to time how far it is.
class progress {
public:
  explicit progress(std::chrono::milliseconds between_reports)
    : between_reports_{between_reports} {}

  void operator()(std::size_t done, std::size_t rows) {
    if (clock::now() - told_ >= between_reports_)
      tell(done, rows);
  }

  void tell(std::size_t done, std::size_t rows) {
    told_ = clock::now();
    const auto percent = rows == 0 ? 100 : done * 100 / rows;
    const auto text = "migrating the database to schema " + std::to_string(current_schema) + ": "
                      + std::to_string(percent) + " % of " + std::to_string(rows) + " rows";
    log::info("storage", text);
    tell_service_manager(patience + text);
  }

private:
  std::chrono::milliseconds between_reports_;
  clock::time_point told_;
};

/// An empty database of the current schema, away from the data folder, for as long as this lives.
class scratch_database {
public:
  static result<scratch_database> make(settings s) {
    std::error_code ec;
    s.root = std::filesystem::temp_directory_path(ec) / ("mediad-rehearsal-" + make_ulid());
    if (!ec)
      std::filesystem::create_directories(s.root / "system/db", ec);
    if (ec)
      return fail_errno(ec.value(), "make folder " + s.root.string());
    scratch_database made{s.root};
    auto db = database::open(s, nullptr);
    if (!db)
      return fail(db.error());
    made.db_ = std::move(*db);
    return made;
  }
  scratch_database(scratch_database&&) noexcept = default;
  scratch_database& operator=(scratch_database&&) = delete;
  ~scratch_database() {
    db_ = nullptr;
    std::error_code ignored;
    if (!folder_.empty())
      std::filesystem::remove_all(folder_, ignored);
  }
  database& db() const {
    return *db_;
  }

private:
  explicit scratch_database(std::filesystem::path folder) : folder_{std::move(folder)} {}
  std::filesystem::path folder_;
  std::shared_ptr<database> db_;
};

/// The new values are shorter than the old ones, so what is in use now is enough; LMDB cannot begin
/// with less than some pages.
result<std::uint64_t> needed_for(const old_database& old) {
  constexpr std::uint64_t least = std::uint64_t{1} << 20U;
  const auto use = old.env.use();
  if (!use)
    return fail(use.error());
  return use->used_bytes + least;
}

result<> check_origin(const schema_found& found) {
  if (found.schema == 1)
    return {};
  return fail(errc::conflict, "the database has schema " + std::to_string(found.schema)
                                + ", from which this release cannot migrate");
}

} // namespace

result<> migrate(const settings& s, const schema_found& found,
                 std::chrono::milliseconds between_reports) {
  if (auto ok = check_origin(found); !ok)
    return ok;
  const auto began = clock::now();
  const auto system = s.root / "system";
  std::size_t rows = 0;
  auto done = database::build(s, [&](database& fresh) -> result<> {
    const auto old = old_database::open(s);
    if (!old)
      return fail(old.error());
    const auto needed = needed_for(*old);
    const auto free = free_bytes(system);
    if (!needed || !free)
      return fail(needed ? free.error() : needed.error());
    if (*free < *needed)
      return fail(errc::storage_full, "the database has to be migrated, which takes up to "
                                        + mebibytes(*needed) + " of room in " + system.string()
                                        + "; " + mebibytes(*free) + " are free");
    progress told{between_reports};
    if (const auto all = old->rows())
      told.tell(0, *all);
    const auto converted = convert_all(*old, fresh, false, std::ref(told));
    if (!converted)
      return fail(converted.error());
    rows = *converted;
    return {};
  });
  if (!done)
    return fail(done.error().code, "the database is left as it was: " + done.error().detail);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
  log::info("storage", "the database is migrated from schema " + std::to_string(found.schema)
                         + " to " + std::to_string(current_schema) + ": " + std::to_string(rows)
                         + " rows in " + std::to_string(took.count()) + " ms");
  return done;
}

result<migration_plan> rehearse_migration(const settings& s, const schema_found& found) {
  if (auto ok = check_origin(found); !ok)
    return fail(ok.error());
  const auto old = old_database::open(s);
  if (!old)
    return fail(old.error());
  const auto needed = needed_for(*old);
  const auto free = free_bytes(s.root / "system");
  if (!needed || !free)
    return fail(needed ? free.error() : needed.error());
  auto scratch = scratch_database::make(s);
  if (!scratch)
    return fail(scratch.error());
  const auto rows = convert_all(*old, scratch->db(), true, [](std::size_t, std::size_t) {});
  if (!rows)
    return fail(rows.error());
  return migration_plan{*rows, *needed, *free};
}

} // namespace mediad::storage
