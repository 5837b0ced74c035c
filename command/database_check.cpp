#include "command/checks.hpp"
#include "storage/catalog/database.hpp"
#include "storage/copies/copies.hpp"
#include "storage/migration/migration.hpp"
#include "storage/store.hpp"

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

} // namespace

void check_database(const storage::settings& s, report& r) {
  r.section("Database");
  check_copies(s, r);
  const auto found = storage::database::look(s);
  if (!found)
    return r.failed("database", found.error().detail);
  if (*found && (*found)->schema < storage::current_schema)
    return rehearse(s, **found, r);
  const auto files = storage::open_reader(s);
  if (!files && files.error().code == errc::not_found)
    return r.ok("database", "none yet; the first start makes it");
  if (!files)
    return r.failed("database", files.error().detail);
  const auto events = files->events();
  if (!events)
    return r.failed("events", events.error().detail);
  const auto unfinished = files->unfinished();
  if (!unfinished)
    return r.failed("unfinished files", unfinished.error().detail);
  std::size_t unreadable = 0;
  for (const auto& id : *unfinished)
    unreadable += files->find(id) ? 0 : 1;
  if (unreadable > 0)
    return r.failed("unfinished files",
                    std::to_string(unreadable) + " have no record that can be read");
  r.ok("database", "opens; newest event " + std::to_string(events->newest) + ", "
                     + std::to_string(unfinished->size()) + " files unfinished");
}

} // namespace mediad::command
