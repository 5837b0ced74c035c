#include "command/doctor.hpp"

#include "base/log.hpp"
#include "command/checks.hpp"
#include "command/command_line.hpp"
#include "command/rehearsal.hpp"
#include "command/report.hpp"

#include <csignal>

namespace mediad::command {

int doctor(const config::settings& s, bool verifies) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  log::configure({log::level::warning, s.log.shape});
  auto checked = s;
  std::error_code failed;
  checked.storage.root = std::filesystem::absolute(s.storage.root, failed).lexically_normal();

  report r;
  check_folders(checked.storage.root, r);
  check_database(checked.storage, r);
  check_store(checked.storage, verifies, r);
  check_access(checked, r);
  check_tools(checked, r);
  check_free_space(checked.storage, r);
  rehearse(checked, r);
  r.sum_up();
  return r.is_sound() ? exit_ok : exit_failed;
}

} // namespace mediad::command
