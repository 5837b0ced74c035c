#include "net/files/trash.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/files/editing.hpp"
#include "net/files/parameters.hpp"
#include "net/files/records.hpp"
#include "net/http/asked.hpp"
#include "net/http/noted.hpp"

#include <utility>

namespace mediad::net {

namespace {

constexpr wrong_parameter wrong_permanent{"permanent", "1"};

} // namespace

asio::awaitable<result<>> stop_work_on(exchange& x, const file_record& record) {
  if (is_terminal(record.state))
    co_return result<>{};
  const auto stopped = co_await cancel_file(x.shared(), record.id);
  // conflict: nothing is going on with it, or it has just ended.
  if (!stopped && stopped.error().code != errc::conflict && stopped.error().code != errc::not_found)
    co_return fail(stopped.error());
  co_return result<>{};
}

asio::awaitable<void> delete_record(exchange& x) {
  const auto permanent = x.query("permanent");
  if (permanent && *permanent != "1")
    co_return co_await refuse_parameter(x, wrong_permanent);
  if (permanent)
    co_return co_await remove_record(x);
  const auto record = find_asked_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (record->state == status::receiving)
    co_return co_await remove_record(x);
  const auto stopped = co_await stop_work_on(x, *record);
  if (!stopped)
    co_return co_await x.send_problem(stopped.error());
  storage::trashing wanted{record->id};
  const auto done = co_await apply_change(x.shared(), std::move(wanted));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::file_deleted, record->id);
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<void> restore_record(exchange& x) {
  auto record = find_asked_file(x, in_trash::shown);
  if (record && record->deleted_at != 0) {
    storage::restoration wanted{record->id};
    auto done = co_await apply_change(x.shared(), std::move(wanted));
    if (!done)
      co_return co_await x.send_problem(done.error());
    record = std::move(done->record);
  }
  co_await send_file(x, std::move(record));
}

asio::awaitable<void> empty_trash(exchange& x) {
  if (auto refused = refuse_bounded(x))
    co_return co_await x.send(std::move(*refused));
  for (;;) {
    storage::trash_clearance some;
    some.user = x.asker().user;
    const auto done = co_await apply_change(x.shared(), std::move(some));
    if (!done)
      co_return co_await x.send_problem(done.error());
    if (done->removed == 0)
      break;
    for (const auto& gone : done->others)
      note(x, audit_act::file_deleted, gone.file_id);
  }
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net
