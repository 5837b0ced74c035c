#include "command/copy_commands.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"
#include "command/command_line.hpp"
#include "command/print.hpp"
#include "storage/copies/copies.hpp"
#include "storage/restore/restore.hpp"
#include "storage/store.hpp"

#include <filesystem>
#include <sstream>
#include <unistd.h>

namespace mediad::command {

namespace {

/// Paths are shown, and `--database` may be one: they count from the working directory.
config::settings with_absolute_root(config::settings s) {
  std::error_code failed;
  s.storage.root = std::filesystem::absolute(s.storage.root, failed).lexically_normal();
  return s;
}

std::string summary_text(const storage::restore_summary& found) {
  std::ostringstream out;
  out << "The database is restored from " << found.copy.string() << ", made "
      << to_rfc3339(found.made_at) << ".\n";
  const auto line = [&out](std::size_t count, const char* what) {
    if (count > 0)
      out << "  " << count << what << '\n';
  };
  out << "  " << found.known << " files are as the copy says\n"
      << "  " << found.adopted << " that it does not know have a record again, " << found.same_id
      << " of them under the id they had\n";
  line(found.moved, " have got another name or folder since");
  line(found.nameless, " have lost their name, but not their bytes: the start makes it again");
  line(found.removed, " were deleted since: their records are removed");
  line(found.set_aside, " that no record has are moved to system/quarantine");
  line(found.unreadable, " of these cannot be read");
  out << "  events go on from number " << found.events_from << '\n';
  if (!found.replaced.empty())
    out << "The database that was there is kept: " << found.replaced.string() << '\n';
  out << "Start the server now: it identifies and processes what has a record again.\n";
  return out.str();
}

} // namespace

int copy(const config::settings& s) {
  // It competes with a running server.
  constexpr int yields_to_others = 10;
  static_cast<void>(::nice(yields_to_others));
  log::configure({log::level::warning, s.log.shape});
  const auto made = storage::make_copy(with_absolute_root(s).storage);
  if (!made)
    return complain({made.error().detail}, exit_failed);
  return print("copied the database to " + made->folder.string() + "\n");
}

int restore_copy(const config::settings& s, const std::string& named) {
  log::configure({log::level::warning, s.log.shape});
  const auto done = storage::restore_database(with_absolute_root(s).storage, named);
  if (!done)
    return complain({"the database is not restored: " + done.error().detail}, exit_failed);
  const auto printed = print(summary_text(*done));
  if (done->unreadable > 0)
    return complain({std::to_string(done->unreadable) + " files cannot be read"}, exit_failed);
  return printed;
}

int make_index(const config::settings& s) {
  log::configure({log::level::info, s.log.shape});
  const auto files = storage::make_lists_anew(with_absolute_root(s).storage);
  if (!files)
    return complain({"the lists are not made: " + files.error().detail}, exit_failed);
  return print("made the lists of " + std::to_string(*files) + " files\n");
}

} // namespace mediad::command
