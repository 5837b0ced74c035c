#include "command/config_command.hpp"

#include "command/command_line.hpp"
#include "command/print.hpp"
#include "config/option.hpp"
#include "config/pages.hpp"

namespace mediad::command {

int config_check(const config::loaded& l) {
  if (!l.problems.empty())
    return complain(l.problems, exit_usage);
  return print("settings are sound: " + std::to_string(l.origins.size()) + " set, "
               + std::to_string(config::all_options().size() - l.origins.size()) + " default\n");
}

int config_show(const config::loaded& l) {
  if (!l.problems.empty())
    return complain(l.problems, exit_usage);
  return print(config::show(l));
}

int config_reference(bool as_toml) {
  return print(as_toml ? config::default_toml() : config::reference_page());
}

} // namespace mediad::command
