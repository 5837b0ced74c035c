#include "base/ulid.hpp"
#include "net/backend/backend.hpp"
#include "net/folders/folder_json.hpp"
#include "net/folders/folders.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/proof.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net::folders {

namespace {

using grant = storage::folder_grants::grant;

constexpr problem more_than_own{403, "missing_right",
                                "You cannot grant what you may not do yourself: `view` needs "
                                "`read`, `add` also `upload`, `edit` also `write` and `delete`."};

/// What a caller must be allowed who grants a right.
rights needed_for(folder_right right) {
  rights needed{right::read};
  if (right >= folder_right::add)
    needed.add(right::upload);
  if (right >= folder_right::edit)
    for (const auto one : {right::write, right::remove})
      needed.add(one);
  return needed;
}

/// The id of a user by name or id.
result<std::string> find_user(const exchange& x, const std::string& named) {
  if (!is_ulid(named))
    return x.storage().find_user(named);
  auto user = x.storage().find_user_by_id(named);
  return user ? result<std::string>{std::move(user->id)} : fail(user.error());
}

/// @returns errc::bad_request with a sentence for the client.
result<grant> read_grant(const exchange& x, const nlohmann::json& one) {
  const auto rule = fail(errc::bad_request,
                         "Each grant must be an object with `user`, a name or an id, and `right`: "
                         "`view`, `add` or `edit`.");
  if (!one.is_object() || one.size() != 2)
    return rule;
  const auto user = text_of(one, "user");
  const auto word = text_of(one, "right");
  const auto right = word ? parse_folder_right(*word) : std::nullopt;
  if (!user || user->empty() || !right)
    return rule;
  auto id = find_user(x, *user);
  if (!id && id.error().code == errc::not_found)
    return fail(errc::bad_request, "There is no user `" + user->substr(0, 80) + "`.");
  if (!id)
    return fail(id.error());
  if (*id == x.asker().user)
    return fail(errc::bad_request, "The folder is yours: nobody grants it to themselves.");
  return grant{*std::move(id), *right};
}

/// @returns errc::bad_request with a sentence for the client.
result<std::vector<grant>> read_grants(const exchange& x, const nlohmann::json& body) {
  std::vector<grant> all;
  if (body.size() > storage::max_grants)
    return fail(errc::bad_request, "A folder has at most 100 grants.");
  for (const auto& item : body) {
    auto one = read_grant(x, item);
    if (!one)
      return fail(one.error());
    const bool is_new =
      std::none_of(all.begin(), all.end(), [&](const grant& g) { return g.user == one->user; });
    if (!is_new)
      return fail(errc::bad_request, "A user is there twice.");
    all.push_back(*std::move(one));
  }
  return all;
}

bool may_grant(const caller& asker, const std::vector<grant>& all) {
  return std::all_of(all.begin(), all.end(), [&](const grant& g) {
    const auto needed = needed_for(g.right);
    return asker.may.and_of(needed) == needed;
  });
}

} // namespace

asio::awaitable<void> set_grants(exchange& x) {
  const auto& id = x.arguments.front();
  const auto folder = find_folder(x.storage(), x.asker(), id, folder_right::own);
  if (!folder)
    co_return co_await x.send_problem(folder.error());
  if (const auto missing = people::find_missing_leave(x))
    co_return co_await x.send_problem(*missing);
  const auto body = co_await read_json_list(x);
  if (!body)
    co_return;
  auto all = read_grants(x, *body);
  if (!all && all.error().code == errc::bad_request)
    co_return co_await refuse_body(x, all.error().detail);
  if (!all)
    co_return co_await x.send_problem(all.error());
  if (!may_grant(x.asker(), *all))
    co_return co_await x.send_problem(more_than_own);
  storage::folder_grants change{id, *std::move(all)};
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::share_changed, id);
  co_await send_folder(x);
}

} // namespace mediad::net::folders
