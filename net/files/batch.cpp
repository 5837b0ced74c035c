#include "net/files/batch.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/files/editing.hpp"
#include "net/files/trash.hpp"
#include "net/http/asked.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mediad::net {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t max_files = 1'000;
/// The ids, and a patch at its limits.
constexpr std::size_t max_body_bytes = std::size_t{192} << 10U;
/// Files that one commit changes: others' uploads wait for no more than that.
constexpr std::size_t at_once = 16;

enum class action : std::uint8_t { patch, remove, restore, retry };

/// What a body asks for.
struct batch {
  std::vector<std::string> ids; ///< Each once.
  action what = action::patch;
  storage::file_change change;
};

/// What came of one file.
struct outcome {
  std::string id;
  std::optional<error> failed;
};

error wrong(std::string sentence) {
  return fail(errc::bad_request, std::move(sentence));
}

std::optional<action> action_of(std::string_view word) {
  if (word == "patch")
    return action::patch;
  if (word == "delete")
    return action::remove;
  if (word == "restore")
    return action::restore;
  if (word == "retry")
    return action::retry;
  return std::nullopt;
}

result<std::vector<std::string>> read_ids(const json& body) {
  const auto ids = body.find("ids");
  const bool is_list =
    ids != body.end() && ids->is_array() && !ids->empty() && ids->size() <= max_files;
  if (!is_list
      || !std::all_of(ids->begin(), ids->end(), [](const json& id) { return id.is_string(); }))
    return wrong("`ids` must be a list of 1 to 1,000 ids.");
  std::vector<std::string> each;
  std::set<std::string> seen;
  for (const auto& one : *ids)
    if (auto id = one.get<std::string>(); seen.insert(id).second)
      each.push_back(std::move(id));
  return each;
}

/// @returns errc::bad_request with a sentence for the client.
result<batch> read_batch(const json& body) {
  for (const auto& [name, value] : body.items())
    if (name != "ids" && name != "do" && name != "patch")
      return wrong("The body has the members `ids`, `do` and `patch`.");
  auto ids = read_ids(body);
  const auto word = text_of(body, "do");
  const auto what = action_of(word ? *word : std::string{});
  if (!ids || !what)
    return ids ? wrong("`do` must be `patch`, `delete`, `restore` or `retry`.") : fail(ids.error());
  batch wanted;
  wanted.ids = std::move(*ids);
  wanted.what = *what;
  const auto patch = body.find("patch");
  const bool has_patch = patch != body.end();
  if (has_patch != (wanted.what == action::patch) || (has_patch && !patch->is_object()))
    return wrong("`patch` must be an object where `do` is `patch`, and nowhere else.");
  if (!has_patch)
    return wanted;
  auto change = read_change(*patch);
  if (!change)
    return fail(change.error());
  wanted.change = std::move(*change);
  return wanted;
}

/// What the storage is to do with one file.
result<storage::change> change_of(const exchange& x, const batch& wanted,
                                  const file_record& record) {
  if (wanted.what == action::remove)
    return storage::trashing{record.id};
  if (wanted.what == action::restore)
    return storage::restoration{record.id};
  auto change = wanted.change;
  change.id = record.id;
  if (const auto may = place_change(x, record, change); !may)
    return fail(may.error());
  return change;
}

/// Finds the file, and has ended what must end first.
asio::awaitable<result<file_record>> prepare(exchange& x, action what, const std::string& id) {
  const auto trash = what == action::restore ? in_trash::shown : in_trash::hidden;
  auto record = find_own_file(x.storage(), x.asker(), id, trash);
  if (record && what == action::remove && record->state != status::receiving) {
    const auto stopped = co_await stop_work_on(x, *record);
    if (!stopped)
      co_return fail(stopped.error());
  }
  if (record && what == action::retry)
    co_return co_await retry_file(x.shared(), id);
  co_return record;
}

/// Deals with the files of @p outcomes from @p first to @p last.
asio::awaitable<void> do_some(exchange& x, const batch& wanted, std::vector<outcome>& outcomes,
                              std::size_t first, std::size_t last) {
  std::vector<storage::change> changes;
  std::vector<std::size_t> places;
  for (auto i = first; i < last; ++i) {
    const auto record = co_await prepare(x, wanted.what, outcomes[i].id);
    if (!record)
      outcomes[i].failed = record.error();
    if (!record || wanted.what == action::retry)
      continue;
    auto change = change_of(x, wanted, *record);
    if (!change) {
      outcomes[i].failed = change.error();
      continue;
    }
    changes.push_back(*std::move(change));
    places.push_back(i);
  }
  const auto done = co_await apply_changes(x.shared(), std::move(changes));
  for (std::size_t n = 0; n < places.size(); ++n) {
    if (n >= done.size())
      outcomes[places[n]].failed = fail(errc::cancelled, "the server is stopping");
    else if (!done[n])
      outcomes[places[n]].failed = done[n].error();
    else if (wanted.what == action::remove)
      note(x, audit_act::file_deleted, outcomes[places[n]].id);
  }
}

ordered_json public_json(const outcome& one) {
  ordered_json told;
  told["id"] = one.id;
  told["status"] = 200;
  told["code"] = nullptr;
  told["detail"] = nullptr;
  if (!one.failed)
    return told;
  const auto& problem = problem_of(one.failed->code);
  told["status"] = problem.status;
  told["code"] = problem.code;
  told["detail"] = problem.sentence;
  return told;
}

} // namespace

asio::awaitable<void> change_many(exchange& x) {
  const auto body = co_await read_json(x, max_body_bytes);
  if (!body)
    co_return;
  const auto wanted = read_batch(*body);
  if (!wanted)
    co_return co_await refuse_body(x, wanted.error().detail);
  const auto needed = wanted->what == action::remove ? right::remove : right::write;
  if (!x.asker().may.has(needed)) {
    auto sentence = "This needs the right " + to_string(rights{needed}) + ".";
    co_return co_await x.send_problem(missing_right, std::move(sentence));
  }
  std::vector<outcome> outcomes;
  for (const auto& id : wanted->ids)
    outcomes.push_back({id, std::nullopt});
  for (std::size_t first = 0; first < outcomes.size(); first += at_once) {
    const auto last = std::min(first + at_once, outcomes.size());
    co_await do_some(x, *wanted, outcomes, first, last);
  }
  ordered_json told;
  told["items"] = ordered_json::array();
  for (const auto& one : outcomes)
    told["items"].push_back(public_json(one));
  told["cursor"] = nullptr;
  co_await x.send_json(http::status::ok, told);
}

} // namespace mediad::net
