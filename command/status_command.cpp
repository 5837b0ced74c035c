#include "command/admin/ask.hpp"
#include "command/command_line.hpp"
#include "command/print.hpp"
#include "command/status.hpp"
#include "storage/store.hpp"

#include <nlohmann/json.hpp>

namespace mediad::command {

namespace {

using nlohmann::json;

int print_status(const json& status, bool as_json) {
  return print(as_json ? status.dump(2, ' ', false, json::error_handler_t::replace) + '\n'
                       : status_text(status));
}

int tell_what_is_stored(const config::settings& s, const std::string& why, bool as_json) {
  static_cast<void>(complain({why}, exit_not_running));
  const auto files = storage::open_reader(s.storage);
  if (!files && files.error().code == errc::not_found)
    return complain({s.storage.root.string() + " holds no files yet"}, exit_not_running);
  if (!files)
    return complain({files.error().detail}, exit_failed);
  auto stored = status_of_stored(*files);
  if (!stored)
    return complain({stored.error().detail}, exit_failed);
  (*stored)["copies"] = status_of_copies(s.storage.root);
  const auto printed = print_status(*stored, as_json);
  return printed == exit_ok ? exit_not_running : printed;
}

} // namespace

int status(const config::settings& s, bool as_json) {
  const auto told = ask_server(s.storage.root, {{"do", "status"}});
  if (told)
    return print_status(*told, as_json);
  if (told.error().code == errc::not_found)
    return tell_what_is_stored(s, told.error().detail, as_json);
  return complain({told.error().detail}, exit_failed);
}

} // namespace mediad::command
