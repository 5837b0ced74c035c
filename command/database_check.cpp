#include "command/checks.hpp"
#include "command/counts.hpp"
#include "storage/catalog/database.hpp"
#include "storage/copies/copies.hpp"
#include "storage/migration/migration.hpp"

#include <nlohmann/json.hpp>

namespace mediad::command {

namespace {

/// What the next start would do, without doing it.
void rehearse(const storage::settings& s, const storage::schema_found& found, report& r) {
  const auto plan = storage::rehearse_migration(s, found);
  if (!plan)
    return r.failed("migration", plan.error().detail);
  constexpr unsigned to_mebibytes = 20;
  const auto detail = "the next start migrates it from schema " + std::to_string(found.schema)
                      + " to " + std::to_string(storage::current_schema) + ": "
                      + std::to_string(plan->rows) + " rows, all of which can be read; up to "
                      + mebibytes(plan->needed_bytes) + ", "
                      + std::to_string(plan->free_bytes >> to_mebibytes) + " MiB are free";
  if (plan->free_bytes < plan->needed_bytes)
    r.failed("migration", detail);
  else
    r.ok("migration", detail);
}

/// The newest one is read whole.
void check_copies(const storage::settings& s, report& r) {
  const auto all = storage::find_copies(s.root);
  if (!all)
    return r.failed("copies", all.error().detail);
  if (all->empty())
    return r.ok("copies", s.database_copies == 0 ? "none are kept (storage.database_copies)"
                                                 : "none yet; a running server makes them");
  const auto& newest = all->back();
  if (const auto good = storage::check_copy(newest); !good)
    return r.failed("copies", good.error().detail);
  r.ok("copies", std::to_string(all->size()) + " in " + newest.folder.parent_path().string()
                   + "; the newest, " + newest.name + ", can be read whole");
}

/// What is in the way of reading it: there may be none, or one of an older release.
void check_uncounted(const storage::settings& s, const error& why, report& r) {
  if (why.code == errc::not_found)
    return r.ok("database", "none yet; the first start makes it");
  if (why.code != errc::conflict) // the schema is not what is wrong
    return r.failed("database", why.detail);
  const auto found = storage::database::look(s);
  if (!found)
    return r.failed("database", found.error().detail);
  if (*found && (*found)->schema < storage::current_schema)
    return rehearse(s, **found, r);
  r.failed("database", why.detail);
}

} // namespace

void check_database(const storage::settings& s, report& r) {
  r.section("Database");
  check_copies(s, r);
  const auto counts = find_counts(s);
  if (!counts)
    return check_uncounted(s, counts.error(), r);
  const auto count = [&](const char* member) {
    return counts->value(member, std::uint64_t{0});
  };
  if (const auto unreadable = count("unreadable"); unreadable > 0)
    return r.failed("unfinished files",
                    std::to_string(unreadable) + " have no record that can be read");
  r.ok("database", "opens; newest event " + std::to_string(count("newest_event")) + ", "
                     + std::to_string(count("unfinished")) + " files unfinished");
}

} // namespace mediad::command
