#include "net/files/records.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/file_watch.hpp"
#include "net/backend/services.hpp"
#include "net/files/editing.hpp"
#include "net/files/parameters.hpp"
#include "net/http/asked.hpp"
#include "net/http/noted.hpp"
#include "net/uploads/append.hpp"

namespace mediad::net {

namespace {

constexpr std::uint32_t max_wait_s = 60;
constexpr wrong_parameter wrong_wait{"wait", "a number of seconds"};

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
  auto seen = find_shown_file(x);
  if (!seen || is_terminal(seen->state))
    co_return seen;
  const std::vector<std::string> ids{seen->id};
  auto watch = co_await file_watch::start(x.shared(), seen->user, ids);
  if (!watch)
    co_return fail(watch.error());
  for (bool again = true; again;) {
    auto now = find_shown_file(x);
    if (!now || now->seq != seen->seq)
      co_return now;
    again = co_await watch->changed(until, x.stopping());
  }
  co_return seen;
}

} // namespace

asio::awaitable<void> send_record(exchange& x) {
  const auto text = x.query("wait");
  const auto wait = parse_number(text.value_or("0"), max_wait_s);
  if (!wait)
    co_return co_await refuse_parameter(x, wrong_wait);
  result<file_record> record = find_shown_file(x);
  if (*wait > 0)
    record = co_await await_change(x, std::chrono::seconds{*wait});
  if (record)
    co_await add_live_progress(x, *record);
  co_await send_file(x, std::move(record));
}

asio::awaitable<void> remove_record(exchange& x) {
  const auto record = find_asked_file(x, in_trash::shown);
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
