#include "command/keys_command.hpp"

#include "command/admin/ask.hpp"
#include "command/command_line.hpp"
#include "command/print.hpp"
#include "storage/store.hpp"

#include <nlohmann/json.hpp>

namespace mediad::command {

namespace {

using nlohmann::json;

result<json> rotate_alone(const config::settings& s, const json& request) {
  auto store = storage::store::open(s.storage); // no server runs, and none starts meanwhile
  if (!store)
    return fail(store.error());
  net::signing_keys keys;
  const auto kept = keys.keep_in(keys_file_of(s.storage.root));
  auto done = kept ? rotate_keys(request, keys) : result<json>{fail(kept.error())};
  if (auto ok = store->stop(); !ok)
    return fail(ok.error());
  return done;
}

} // namespace

std::filesystem::path keys_file_of(const std::filesystem::path& root) {
  return root / "system" / "keys";
}

result<json> rotate_keys(const json& request, net::signing_keys& keys) {
  if (auto ok = keys.rotate(request.value("forget", false)); !ok)
    return fail(ok.error());
  return result<json>{boost::system::in_place_value, json{{"keys", keys.count()}}};
}

int rotate_keys(const config::settings& s, bool forgets_old) {
  json request{{"do", "keys"}, {"forget", forgets_old}};
  auto done = rotate_alone(s, request);
  if (!done && done.error().code == errc::busy)
    done = ask_server(s.storage.root, request);
  if (!done)
    return complain({done.error().detail}, exit_failed);
  return print("keys that count now: " + std::to_string(done->value("keys", 0)) + '\n');
}

} // namespace mediad::command
