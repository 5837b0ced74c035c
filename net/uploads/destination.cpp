#include "net/uploads/destination.hpp"

#include "base/ulid.hpp"
#include "net/backend/backend.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net::uploads {

namespace {

/// Where a path begins: in a folder that its first name is the id of, and then that name is taken
/// off; else in the caller's root. What looks like an id never becomes the name of a folder there.
/// @returns errc::not_found if the caller may not add anything there.
result<destination> take_start(const exchange& x, std::vector<std::string>& names) {
  destination start{x.asker().user, x.asker().folder};
  if (names.empty() || !is_ulid(names.front()))
    return start;
  auto named = find_folder(x.storage(), x.asker(), names.front(), folder_right::add);
  if (!named)
    return fail(named.error());
  names.erase(names.begin());
  return destination{std::move(named->row.user), std::move(named->row.id)};
}

/// @returns errc::conflict if a file has the name.
asio::awaitable<result<reached_folder>> reach_one(exchange& x, const destination& in,
                                                  std::string name) {
  auto known = x.storage().subfolder(in.user, in.folder, name);
  if (!known)
    co_return fail(known.error());
  reached_folder there{*std::move(known)};
  if (!there.id.empty())
    co_return there;
  storage::new_folder wanted{in.user, in.folder, std::move(name)};
  auto made = co_await apply_change(x.shared(), wanted);
  there.is_new = made.has_value();
  if (made)
    there.id = std::move(made->id);
  else if (made.error().code != errc::conflict)
    co_return fail(made.error());
  if (there.is_new)
    co_return there;
  // Another request may have been quicker.
  known = x.storage().subfolder(in.user, in.folder, wanted.name);
  if (!known || known->empty())
    co_return fail(made.error());
  there.id = *std::move(known);
  co_return there;
}

} // namespace

answer make_folder_refusal(const exchange& x, error why) {
  switch (why.code) {
  case errc::bad_request:
  case errc::too_large: // too deep
    return x.make_problem(problem_of(errc::bad_request), sentence_of(std::move(why.detail)));
  case errc::conflict:
    return x.make_problem(problem_of(errc::conflict), sentence_of(std::move(why.detail)));
  default: return x.make_problem(why);
  }
}

asio::awaitable<result<reached_folder>> reach_folder(exchange& x, destination from,
                                                     std::vector<std::string> names) {
  reached_folder at{std::move(from.folder), false};
  for (auto& name : names) {
    const destination in{from.user, at.id};
    auto next = co_await reach_one(x, in, std::move(name));
    if (!next)
      co_return fail(next.error());
    at = *std::move(next);
  }
  co_return at;
}

asio::awaitable<std::optional<answer>> send_to_path(exchange& x, std::vector<std::string> names,
                                                    std::string file_name) {
  auto start = take_start(x, names);
  if (!start && start.error().code == errc::not_found)
    co_return x.make_problem(problem_of(errc::not_found), "There is no such folder.");
  if (!start)
    co_return x.make_problem(start.error());
  destination to{start->user, {}, std::move(file_name)};
  auto at = co_await reach_folder(x, *std::move(start), std::move(names));
  if (!at)
    co_return make_folder_refusal(x, at.error());
  to.folder = std::move(at->id);
  x.set_destination(std::move(to));
  co_return std::nullopt;
}

asio::awaitable<std::optional<answer>> choose_folder(exchange& x,
                                                     std::optional<std::string> wanted) {
  const auto by = x.asker().by;
  if (!wanted || wanted->empty() || by == known_by::ticket || by == known_by::share)
    co_return std::nullopt;
  auto names = names_of_path(*wanted);
  if (!names)
    co_return make_folder_refusal(x, names.error());
  std::string said_by_body;
  co_return co_await send_to_path(x, *std::move(names), std::move(said_by_body));
}

asio::awaitable<std::optional<answer>> choose_folder(exchange& x) {
  std::optional<std::string> wanted;
  if (const auto named = x.query("folder"))
    wanted = std::string{*named};
  return choose_folder(x, std::move(wanted));
}

} // namespace mediad::net::uploads
