#include "command/checks.hpp"
#include "storage/catalog/database.hpp"
#include "storage/view.hpp"

namespace mediad::command {

void check_database(const storage::settings& s, report& r) {
  r.section("Database");
  const auto opened = storage::database::open_reader(s);
  if (!opened && opened.error().code == errc::not_found)
    return r.ok("database", "none yet; the first start makes it");
  if (!opened)
    return r.failed("database", opened.error().detail);
  const storage::view files{*opened, s.root};
  const auto events = files.events();
  if (!events)
    return r.failed("events", events.error().detail);
  const auto unfinished = files.unfinished();
  if (!unfinished)
    return r.failed("unfinished files", unfinished.error().detail);
  std::size_t unreadable = 0;
  for (const auto& id : *unfinished)
    unreadable += files.find(id) ? 0 : 1;
  if (unreadable > 0)
    return r.failed("unfinished files",
                    std::to_string(unreadable) + " have no record that can be read");
  r.ok("database", "opens; newest event " + std::to_string(events->newest) + ", "
                     + std::to_string(unfinished->size()) + " files unfinished");
}

} // namespace mediad::command
