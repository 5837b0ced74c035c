#include "net/files/editing.hpp"

#include "base/record_json.hpp"
#include "base/ulid.hpp"
#include "net/access/folder_access.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/fields/conditions.hpp"
#include "net/http/asked.hpp"
#include "net/http/json_body.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace mediad::net {

namespace {

using nlohmann::json;

/// Metadata, description and tags, each at its limit, with every letter escaped.
constexpr std::size_t max_body_bytes = std::size_t{128} << 10U;

constexpr std::array members{"name",      "if_taken",    "folder",  "tags",
                             "favourite", "description", "metadata"};

error wrong(std::string sentence) {
  return fail(errc::bad_request, std::move(sentence));
}

std::string etag_of(const file_record& record) {
  return '"' + std::to_string(record.revision) + '"';
}

result<> read_tags(const json& value, storage::file_change& change) {
  const auto rule = "`tags` must be at most 50 texts of 1 to 100 bytes.";
  change.tags.emplace();
  if (value.is_null())
    return {};
  if (!value.is_array() || value.size() > storage::max_tags)
    return wrong(rule);
  for (const auto& one : value) {
    if (!one.is_string())
      return wrong(rule);
    change.tags->push_back(one.get<std::string>());
  }
  return {};
}

result<> read_metadata(const json& value, storage::file_change& change) {
  if (!value.is_null() && !value.is_object())
    return wrong("`metadata` must be an object, or null.");
  change.metadata = value.is_null() ? "{}" : value.dump();
  if (change.metadata->size() > storage::max_metadata_bytes)
    return wrong("`metadata` has at most 16 KiB.");
  return {};
}

result<> read_place(const json& body, storage::file_change& change) {
  if (const auto name = body.find("name"); name != body.end()) {
    if (!name->is_string() || name->get_ref<const std::string&>().empty())
      return wrong("`name` must be a text that is not empty.");
    change.name = name->get<std::string>();
  }
  if (const auto folder = body.find("folder"); folder != body.end()) {
    const bool is_id = folder->is_string() && is_ulid(folder->get_ref<const std::string&>());
    if (!folder->is_null() && !is_id)
      return wrong("`folder` must be the id of a folder, or null.");
    change.folder = is_id ? folder->get<std::string>() : std::string{};
  }
  const auto if_taken = text_of(body, "if_taken");
  if (!if_taken)
    return fail(if_taken.error());
  if (!if_taken->empty() && *if_taken != "number" && *if_taken != "refuse")
    return wrong("`if_taken` must be `number` or `refuse`.");
  change.refuses_taken_name = *if_taken == "refuse";
  return {};
}

result<> read_words(const json& body, storage::file_change& change) {
  if (const auto tags = body.find("tags"); tags != body.end())
    if (auto ok = read_tags(*tags, change); !ok)
      return ok;
  if (const auto metadata = body.find("metadata"); metadata != body.end())
    if (auto ok = read_metadata(*metadata, change); !ok)
      return ok;
  if (const auto favourite = body.find("favourite"); favourite != body.end()) {
    if (!favourite->is_boolean())
      return wrong("`favourite` must be true or false.");
    change.favourite = favourite->get<bool>();
  }
  if (!body.contains("description"))
    return {};
  const auto description = text_of(body, "description");
  if (!description)
    return fail(description.error());
  if (description->size() > storage::max_description_bytes)
    return wrong("`description` has at most 4,096 bytes.");
  change.description = *description;
  return {};
}

/// Whether `If-Match` names this record as it is.
bool is_expected(const exchange& x, const file_record& record) {
  fields::conditions asked;
  asked.if_match = x.field("If-Match");
  fields::representation have;
  have.etag = etag_of(record);
  return fields::select(asked, have, false).answer != fields::verdict::mismatch;
}

/// What the storage refuses.
asio::awaitable<void> send_refusal(exchange& x, error why) {
  if (why.code == errc::bad_request)
    co_return co_await refuse_body(
      x, "`folder` must be one of your folders, and each of `tags` have 1 to 100 bytes.");
  if (why.code == errc::conflict)
    co_return co_await x.send_problem(problem_of(errc::conflict),
                                      "The name is taken, or the file is still arriving.");
  co_await x.send_problem(std::move(why));
}

} // namespace

result<storage::file_change> read_change(const json& body) {
  for (const auto& [name, value] : body.items())
    if (std::find(members.begin(), members.end(), name) == members.end())
      return wrong("A file has no member `" + name.substr(0, 80) + "` that can be changed.");
  storage::file_change change;
  auto done = read_place(body, change);
  if (done)
    done = read_words(body, change);
  return done ? result<storage::file_change>{std::move(change)} : fail(done.error());
}

result<> place_change(const exchange& x, const file_record& record, storage::file_change& change) {
  if (!change.folder)
    return {};
  if (change.folder->empty() && record.user == x.asker().user)
    change.folder = x.asker().folder;
  auto may = check_folder(x.storage(), x.asker(), record.user, *change.folder, folder_right::edit);
  if (!may && may.error().code == errc::not_found)
    return fail(errc::bad_request, "not a folder that the caller may change");
  return may;
}

asio::awaitable<void> send_file(exchange& x, result<file_record> record) {
  if (!record)
    co_return co_await x.send_problem(record.error());
  x.add_to_answer("ETag", etag_of(*record));
  co_await x.send_json(http::status::ok, public_json(*record, x.options().base_path));
}

asio::awaitable<void> change_record(exchange& x) {
  const auto record = find_asked_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (!x.asker().may.has(right::write))
    co_return co_await x.send_problem(missing_right, "This needs the right write.");
  if (!is_expected(x, *record))
    co_return co_await x.send_problem(precondition_failed);
  const auto body = co_await read_json(x, max_body_bytes);
  if (!body)
    co_return;
  auto change = read_change(*body);
  if (!change)
    co_return co_await refuse_body(x, change.error().detail);
  change->id = record->id;
  if (const auto may = place_change(x, *record, *change); !may)
    co_return co_await send_refusal(x, may.error());
  // Whoever changes it meanwhile, this one is refused.
  if (const auto named = x.field("If-Match"); named && *named != "*")
    change->if_revision = record->revision;
  auto done = co_await apply_change(x.shared(), *std::move(change));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  co_await send_file(x, std::move(done->record));
}

} // namespace mediad::net
