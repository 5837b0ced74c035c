#include "net/files/lists.hpp"

#include "base/record_json.hpp"
#include "base/ulid.hpp"
#include "net/access/folder_access.hpp"
#include "net/fields/dates.hpp"
#include "net/files/parameters.hpp"
#include "net/http/asked.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace mediad::net {

using nlohmann::ordered_json;

namespace {

constexpr unix_ms day = 86'400'000;
constexpr std::string_view root_folder = "root";

using wrong = std::optional<wrong_parameter>;

/// A moment, or a day in UTC.
/// @param is_end  a day stands for the moment it ends.
std::optional<unix_ms> read_time(std::string_view text, bool is_end) {
  constexpr std::size_t day_length = 10; // 2026-11-29
  if (text.size() != day_length)
    return fields::parse_rfc3339(text);
  const auto begin = fields::parse_rfc3339(std::string{text} + "T00:00:00Z");
  return begin && is_end ? std::optional{*begin + day} : begin;
}

wrong read_dates(const exchange& x, storage::list_query& q) {
  constexpr std::string_view rule = "a time, as 2026-11-29T12:00:00Z, or a day, as 2026-11-29";
  if (const auto text = x.query("from")) {
    q.from = read_time(*text, false);
    if (!q.from)
      return wrong_parameter{"from", rule};
  }
  if (const auto text = x.query("to")) {
    q.to = read_time(*text, true);
    if (!q.to)
      return wrong_parameter{"to", rule};
  }
  return std::nullopt;
}

/// Names begin with the alphabet's first, all else with the newest or the largest.
wrong read_order(const exchange& x, storage::list_query& q) {
  using storage::list_sort;
  constexpr std::array sorts{std::pair{std::string_view{"taken"}, list_sort::taken},
                             std::pair{std::string_view{"created"}, list_sort::created},
                             std::pair{std::string_view{"name"}, list_sort::name},
                             std::pair{std::string_view{"size"}, list_sort::size}};
  // Dates are those of the order by date.
  q.sort = q.from || q.to ? list_sort::taken : list_sort::created;
  if (const auto word = x.query("sort")) {
    const auto* known =
      std::find_if(sorts.begin(), sorts.end(), [&](const auto& one) { return one.first == *word; });
    if (known == sorts.end())
      return wrong_parameter{"sort", "taken, created, name or size"};
    q.sort = known->second;
  }
  q.ascending = q.sort == list_sort::name;
  const auto word = x.query("order");
  if (word && *word != "asc" && *word != "desc")
    return wrong_parameter{"order", "asc or desc"};
  if (word)
    q.ascending = *word == "asc";
  return std::nullopt;
}

wrong read_owners_filters(const exchange& x, storage::list_query& q) {
  if (const auto text = x.query("tag")) {
    q.tag = *text;
    if (q.tag.empty())
      return wrong_parameter{"tag", "a tag"};
  }
  if (const auto word = x.query("favourite")) {
    if (*word != "true" && *word != "false")
      return wrong_parameter{"favourite", "true or false"};
    q.favourite = *word == "true";
  }
  if (const auto id = x.query("folder")) {
    if (*id != root_folder && !is_ulid(*id))
      return wrong_parameter{"folder", "the id of a folder, or root"};
    q.folder = std::string{*id == root_folder ? std::string_view{} : *id};
  }
  return std::nullopt;
}

wrong read_filters(const exchange& x, storage::list_query& q) {
  if (const auto word = x.query("profile")) {
    q.profile = parse_profile(*word);
    if (!q.profile)
      return wrong_parameter{"profile", "image, video, audio, document or other"};
  }
  if (const auto word = x.query("status")) {
    q.state = parse_status(*word);
    if (!q.state)
      return wrong_parameter{"status",
                             "receiving, registered, processing, ready, failed or cancelled"};
  }
  if (const auto word = x.query("trash")) {
    if (*word != "1")
      return wrong_parameter{"trash", "1"};
    q.trash = true;
  }
  if (auto other = read_owners_filters(x, q))
    return other;
  return read_dates(x, q);
}

wrong read_query(const exchange& x, storage::list_query& q) {
  q.user = x.asker().user;
  q.counts = true;
  if (auto other = read_filters(x, q))
    return other;
  if (auto other = read_order(x, q))
    return other;
  const auto limit = read_limit(x);
  if (!limit)
    return wrong_limit;
  q.limit = *limit;
  q.cursor = x.query("cursor").value_or("");
  return std::nullopt;
}

/// Turns the folder that is asked about into one that the caller may see, which may be another
/// user's: what is in the trash of others is not shown.
/// @returns errors of find_folder().
result<> find_place(const exchange& x, storage::list_query& q) {
  if (q.folder->empty()) {
    q.folder = x.asker().folder;
    return {};
  }
  auto found = find_folder(x.storage(), x.asker(), *q.folder, folder_right::view);
  if (!found)
    return fail(found.error());
  if (q.trash && found->row.user != x.asker().user)
    return fail(errc::not_found, "is the trash of another");
  q.user = std::move(found->row.user);
  return {};
}

/// Whether a list without an index of its own answers the query, as that of a folder with all below
/// it does.
bool is_plain(const storage::list_query& q) {
  return q.tag.empty() && !q.favourite && !q.from && !q.to && !q.trash
         && q.sort == storage::list_sort::created && !q.ascending;
}

/// What is in the one folder that the caller's token is for, and below it.
result<storage::list_page> list_below(const exchange& x, const storage::list_query& q) {
  return x.storage().list_in_folder(
    {x.asker().user, x.asker().folder, true, q.profile, q.state, q.limit, q.cursor});
}

ordered_json number_or_null(const std::optional<std::uint64_t>& n) {
  return n ? ordered_json(*n) : ordered_json{};
}

ordered_json cursor_or_null(const std::string& cursor) {
  return cursor.empty() ? ordered_json{} : ordered_json(cursor);
}

} // namespace

asio::awaitable<void> send_list(exchange& x) {
  storage::list_query query;
  const auto refused = read_query(x, query);
  if (refused)
    co_return co_await refuse_parameter(x, *refused);
  const bool is_below = !query.folder && !x.asker().folder.empty();
  if (is_below && !is_plain(query))
    co_return co_await x.send_problem(
      problem_of(errc::bad_request),
      "With a token for one folder, these parameters need `folder`.");
  if (query.folder)
    if (const auto ok = find_place(x, query); !ok)
      co_return co_await x.send_problem(ok.error());
  const auto page = is_below ? list_below(x, query) : x.storage().list(query);
  if (!page && page.error().code == errc::bad_request)
    co_return co_await refuse_parameter(x, wrong_cursor);
  if (!page)
    co_return co_await x.send_problem(page.error());
  ordered_json body;
  body["files"] = ordered_json::array();
  for (const auto& record : page->files)
    body["files"].push_back(public_json(record, x.options().base_path));
  body["cursor"] = cursor_or_null(page->cursor);
  body["total"] = number_or_null(page->total);
  body["scanned"] = number_or_null(page->scanned);
  co_await x.send_json(http::status::ok, body);
}

asio::awaitable<void> send_tags(exchange& x) {
  if (auto refused = refuse_bounded(x))
    co_return co_await x.send(std::move(*refused));
  const auto limit = read_limit(x);
  if (!limit)
    co_return co_await refuse_parameter(x, wrong_limit);
  const auto cursor = x.query("cursor").value_or("");
  const auto page = x.storage().tags(x.asker().user, cursor, *limit);
  if (!page && page.error().code == errc::bad_request)
    co_return co_await refuse_parameter(x, wrong_cursor);
  if (!page)
    co_return co_await x.send_problem(page.error());
  ordered_json body;
  body["items"] = ordered_json::array();
  for (const auto& tag : page->tags) {
    ordered_json one;
    one["name"] = tag.name;
    one["files"] = tag.files;
    body["items"].push_back(std::move(one));
  }
  body["cursor"] = cursor_or_null(page->cursor);
  co_await x.send_json(http::status::ok, body);
}

} // namespace mediad::net
