#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"
#include "net/people/users.hpp"

/// Users who leave.
namespace mediad::net::people {

namespace {

constexpr std::string_view rule =
  "Say what becomes of the files: `files=delete`, or `files=hand-over` with the id of another user "
  "as `to`.";

/// @returns the id of the user who gets the files, which is empty if they are deleted;
///          errc::bad_request unless the query says either.
result<std::string> read_heir(const exchange& x) {
  const auto files = x.query("files");
  const auto heir = x.query("to");
  if (files == "delete" && !heir)
    return std::string{};
  if (files != "hand-over" || !heir || heir->empty())
    return fail(errc::bad_request, std::string{rule});
  const auto known = x.storage().find_user_by_id(*heir);
  if (!known && known.error().code == errc::not_found)
    return fail(errc::bad_request, std::string{rule});
  return known ? result<std::string>{known->id} : fail(known.error());
}

/// Nobody needs what still comes of the files.
asio::awaitable<void> stop_processing(exchange& x, const std::string& user) {
  const auto unfinished = x.storage().unfinished();
  if (!unfinished)
    co_return;
  for (const auto& id : *unfinished) {
    const auto record = x.storage().find(id);
    if (record && record->user == user)
      static_cast<void>(co_await cancel_file(x.shared(), id));
  }
}

/// @returns once nobody is leaving any more.
asio::awaitable<result<>> clear_leavers(exchange& x) {
  for (;;) {
    const storage::user_clearance more;
    const auto done = co_await apply_change(x.shared(), more);
    if (!done)
      co_return fail(done.error());
    if (done->removed == 0)
      co_return result<>{};
  }
}

} // namespace

asio::awaitable<void> remove_user(exchange& x) {
  if (const auto missing = find_missing_proof(x))
    co_return co_await x.send_problem(*missing);
  const auto user = x.storage().find_user_by_id(x.arguments.front());
  if (!user)
    co_return co_await x.send_problem(user.error());
  const auto heir = read_heir(x);
  if (!heir && heir.error().code == errc::bad_request)
    co_return co_await x.send_problem(problem_of(errc::bad_request), heir.error().detail);
  if (!heir)
    co_return co_await x.send_problem(heir.error());
  storage::user_removal removal{user->id, *heir};
  const auto done = co_await apply_change(x.shared(), std::move(removal));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  note(x, audit_act::user_removed, user->name);
  end_all_but_this(x);
  if (heir->empty()) {
    co_await stop_processing(x, user->id);
    const auto cleared = co_await clear_leavers(x);
    if (!cleared)
      co_return co_await x.send_problem(cleared.error());
  }
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::people
