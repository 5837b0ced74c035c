#include "net/files/records.hpp"

#include "base/record_json.hpp"
#include "net/access/folder_access.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/file_watch.hpp"
#include "net/backend/services.hpp"
#include "net/http/asked.hpp"
#include "net/http/noted.hpp"
#include "net/uploads/append.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace mediad::net {

namespace {

constexpr std::uint32_t max_wait_s = 60;
constexpr std::uint32_t max_list = 500;

/// Decimal digits, at most @p max.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) {
  std::uint32_t n = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, n);
  if (stop != end || text.empty() || problem == std::errc::invalid_argument)
    return std::nullopt;
  return problem == std::errc{} ? std::min(n, max) : max;
}

/// Progress is not stored: the actor that drives the file knows it.
asio::awaitable<void> add_live_progress(exchange& x, file_record& record) {
  if (record.state != status::processing)
    co_return;
  const auto live = co_await live_progress(x.shared(), record.id);
  if (!live)
    co_return; // finished in between; the next read says so
  record.now_at = live->now_at;
  record.progress = live->fraction;
}

/// @returns the record, newer than @p seen or once @p wait is over.
asio::awaitable<result<file_record>> await_change(exchange& x, std::chrono::seconds wait) {
  const auto until = file_watch::clock::now() + wait;
  auto seen = find_asked_file(x);
  if (!seen || is_terminal(seen->state))
    co_return seen;
  const std::vector<std::string> ids{seen->id};
  auto watch = co_await file_watch::start(x.shared(), seen->user, ids);
  if (!watch)
    co_return fail(watch.error());
  for (bool again = true; again;) {
    auto now = find_asked_file(x);
    if (!now || now->seq != seen->seq)
      co_return now;
    again = co_await watch->changed(until, x.stopping());
  }
  co_return seen;
}

/// A parameter that is not what it should be; the sentence is public.
asio::awaitable<void> refuse_parameter(exchange& x, std::string_view name, std::string_view rule) {
  auto sentence = "The parameter `" + std::string{name} + "` must be " + std::string{rule} + ".";
  co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
}

struct refusal {
  std::string_view name;
  std::string_view rule;
};

std::optional<refusal> read_query(const exchange& x, storage::list_query& q) {
  q.user = x.asker().user;
  if (const auto word = x.query("profile")) {
    q.profile = parse_profile(*word);
    if (!q.profile)
      return refusal{"profile", "image, video, audio, document or other"};
  }
  if (const auto word = x.query("status")) {
    q.state = parse_status(*word);
    if (!q.state)
      return refusal{"status", "receiving, registered, processing, ready, failed or cancelled"};
  }
  if (const auto text = x.query("limit")) {
    const auto n = parse_number(*text, max_list + 1);
    if (!n || *n == 0 || *n > max_list)
      return refusal{"limit", "a number from 1 to 500"};
    q.limit = *n;
  }
  q.cursor = x.query("cursor").value_or("");
  return std::nullopt;
}

/// The files of the folder that is asked about, or if none is, of all that the caller sees: the
/// parameter `folder` is an id, or `root`.
result<storage::list_page> find_files(const exchange& x, const storage::list_query& q) {
  const auto& root = x.asker().folder;
  const auto id = x.query("folder");
  if (!id && root.empty())
    return x.storage().list(q);
  storage::folder_query in{q.user,  root.empty() ? q.user : root, !id, q.profile, q.state, q.limit,
                           q.cursor};
  if (!id || *id == "root")
    return x.storage().list_in_folder(in);
  auto found = find_folder(x.storage(), x.asker(), *id, folder_right::view);
  if (!found)
    return fail(found.error());
  in.user = std::move(found->row.user);
  in.folder = std::move(found->row.id);
  return x.storage().list_in_folder(in);
}

asio::awaitable<void> send_file(exchange& x, result<file_record> record) {
  if (!record)
    co_return co_await x.send_problem(record.error());
  co_await x.send_json(http::status::ok, public_json(*record, x.options().base_path));
}

} // namespace

asio::awaitable<void> send_record(exchange& x) {
  const auto text = x.query("wait");
  const auto wait = parse_number(text.value_or("0"), max_wait_s);
  if (!wait)
    co_return co_await refuse_parameter(x, "wait", "a number of seconds");
  result<file_record> record = find_asked_file(x);
  if (*wait > 0)
    record = co_await await_change(x, std::chrono::seconds{*wait});
  if (record)
    co_await add_live_progress(x, *record);
  co_await send_file(x, std::move(record));
}

asio::awaitable<void> send_list(exchange& x) {
  storage::list_query query;
  const auto refused = read_query(x, query);
  if (refused)
    co_return co_await refuse_parameter(x, refused->name, refused->rule);
  const auto page = find_files(x, query);
  if (!page && page.error().code == errc::bad_request)
    co_return co_await refuse_parameter(x, "cursor", "one that this server gave");
  if (!page)
    co_return co_await x.send_problem(page.error());
  nlohmann::ordered_json body;
  body["files"] = nlohmann::ordered_json::array();
  for (const auto& record : page->files)
    body["files"].push_back(public_json(record, x.options().base_path));
  body["cursor"] = nullptr;
  if (!page->cursor.empty())
    body["cursor"] = page->cursor;
  co_await x.send_json(http::status::ok, body);
}

asio::awaitable<void> remove_record(exchange& x) {
  const auto record = find_asked_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  upload_turns::turn turn; // a running append ends first
  const auto upload = x.storage().find_upload(record->id);
  if (upload && !upload->complete) {
    auto taken = co_await x.shared().turns.take(record->id, x.options().take_over_patience);
    if (!taken)
      co_return co_await x.send(uploads::make_turn_refusal(x, taken.error()));
    turn = std::move(*taken);
  }
  const auto removed = co_await remove_file(x.shared(), record->id);
  if (!removed)
    co_return co_await x.send_problem(removed.error());
  if (record->state != status::receiving)
    note(x, audit_act::file_deleted, record->id);
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<void> cancel_processing(exchange& x) {
  auto record = find_asked_file(x);
  if (record)
    record = co_await cancel_file(x.shared(), record->id);
  co_await send_file(x, std::move(record));
}

asio::awaitable<void> retry_processing(exchange& x) {
  auto record = find_asked_file(x);
  if (record)
    record = co_await retry_file(x.shared(), record->id);
  co_await send_file(x, std::move(record));
}

} // namespace mediad::net
