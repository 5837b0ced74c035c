#include "command/admin/ask.hpp"
#include "command/alone.hpp"
#include "command/checks.hpp"
#include "command/upkeep.hpp"
#include "storage/catalog/database.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

namespace mediad::command {

namespace {

using nlohmann::json;

result<json> inspect_beside(const storage::settings& s, bool verifies) {
  constexpr std::chrono::milliseconds patience{100};
  const auto begun = ask_server(s.root, {{"do", "inspect"}, {"begin", true}, {"verify", verifies}});
  if (!begun)
    return begun;
  const auto number = begun->value("number", std::uint64_t{0});
  for (;;) {
    auto so_far = ask_server(s.root, {{"do", "inspect"}, {"number", number}});
    if (!so_far || so_far->value("is_over", false))
      return so_far;
    std::this_thread::sleep_for(patience);
  }
}

/// As the next start would, and all that follows it.
result<json> inspect_alone(const storage::settings& s, bool verifies) {
  auto store = open_alone(s);
  if (!store)
    return fail(store.error());
  storage::inspection_terms terms;
  terms.verifies = verifies;
  terms.bytes_per_second = s.verify_rate;
  const auto report = store->inspect(terms);
  if (!report)
    return fail(report.error());
  if (auto ok = store->stop(); !ok)
    return fail(ok.error());
  return result<json>{boost::system::in_place_value, report_json(*report)};
}

bool is_there_something(const storage::settings& s) {
  const auto found = storage::database::look(s);
  return found && *found && (*found)->schema >= storage::current_schema;
}

std::string summary_of(const json& found) {
  std::string text =
    std::to_string(found.value("files", std::uint64_t{0})) + " files compared with the disk";
  const auto add = [&](const char* member, const char* what) {
    if (const auto count = found.value(member, std::uint64_t{0}); count > 0)
      text += ", " + std::to_string(count) + what;
  };
  add("verified_bytes", " bytes read");
  add("healed", " healed from people's names for them");
  add("made_again", " processed again, as results of theirs were lost");
  add("names_made", " names in people's folders made");
  add("names_removed", " leftovers removed");
  return text;
}

void report_losses(const json& found, report& r) {
  const auto count = [&](const char* member) {
    return found.value(member, std::uint64_t{0});
  };
  for (const auto& file : found.value("first_lost", json::array()))
    r.failed("file " + file.value("id", ""), "the bytes of \"" + file.value("name", "") + "\" are "
                                               + file.value("what", "")
                                               + ", and no other name has them");
  if (const auto named = found.value("first_lost", json::array()).size(); count("lost") > named)
    r.failed("files", std::to_string(count("lost") - named) + " more are damaged (see the log)");
  if (count("unreadable") > 0)
    r.failed("records", std::to_string(count("unreadable")) + " cannot be read (see the log)");
  if (count("unknown_blobs") > 0)
    r.failed("store", std::to_string(count("unknown_blobs"))
                        + " files are unknown to the database, more than a crash leaves: restore "
                          "the newer database, or move them away");
}

} // namespace

void check_store(const storage::settings& s, bool verifies, report& r) {
  r.section("What is stored");
  if (!r.is_sound())
    return r.ok("files", "not compared with the disk, as something that they rest on is broken");
  auto found = inspect_beside(s, verifies);
  if (!found && found.error().code == errc::not_found) {
    if (!is_there_something(s))
      return r.ok("files", "none that could be compared yet");
    found = inspect_alone(s, verifies);
  }
  if (!found)
    return r.failed("files", found.error().detail);
  if (const auto problem = found->value("problem", ""); !problem.empty())
    return r.failed("files", problem);
  r.ok("files", summary_of(*found));
  report_losses(*found, r);
}

} // namespace mediad::command
