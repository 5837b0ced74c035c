#include "command/counts.hpp"

#include "base/account.hpp"
#include "command/admin/ask.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace mediad::command {

namespace {

using nlohmann::json;

result<json> count_people(const storage::view& stored) {
  const auto wanted = stored.wants_sign_in();
  if (!wanted)
    return fail(wanted.error());
  const auto users = stored.users();
  if (!users)
    return fail(users.error());
  const auto credentials = stored.all_credentials();
  if (!credentials)
    return fail(credentials.error());
  const auto signs_in = [](const user_row& u) {
    return u.may_sign_in();
  };
  const auto is_admin = [](const user_row& u) {
    return u.may_sign_in() && u.role == user_role::admin;
  };
  const auto is_token = [](const credential_row& c) {
    return c.kind == credential_kind::token;
  };
  const auto is_endless = [&](const credential_row& c) {
    return is_token(c) && c.expires_at == 0;
  };
  const auto count = [](const auto& all, auto is_one) {
    return std::count_if(all.begin(), all.end(), is_one);
  };
  json out{{"wants_sign_in", *wanted},
           {"may_sign_in", count(*users, signs_in)},
           {"admins", count(*users, is_admin)},
           {"tokens", count(*credentials, is_token)},
           {"endless_tokens", count(*credentials, is_endless)}};
  return result<json>{boost::system::in_place_value, std::move(out)};
}

result<std::size_t> count_unreadable(const storage::view& stored,
                                     const std::vector<std::string>& unfinished) {
  std::vector<std::string> bad;
  for (const auto& id : unfinished)
    if (!stored.find(id))
      bad.push_back(id);
  if (bad.empty())
    return std::size_t{0};
  // Some may have been removed meanwhile.
  const auto now = stored.unfinished();
  if (!now)
    return fail(now.error());
  const std::set<std::string> still{now->begin(), now->end()};
  const auto is_still_there = [&](const std::string& id) {
    return still.contains(id);
  };
  return static_cast<std::size_t>(std::count_if(bad.begin(), bad.end(), is_still_there));
}

} // namespace

result<json> count_stored(const storage::view& stored) {
  const auto events = stored.events();
  if (!events)
    return fail(events.error());
  const auto unfinished = stored.unfinished();
  if (!unfinished)
    return fail(unfinished.error());
  const auto unreadable = count_unreadable(stored, *unfinished);
  if (!unreadable)
    return fail(unreadable.error());
  auto people = count_people(stored);
  if (!people)
    return people;
  json out{{"newest_event", events->newest},
           {"unfinished", unfinished->size()},
           {"unreadable", *unreadable},
           {"people", *std::move(people)}};
  return result<json>{boost::system::in_place_value, std::move(out)};
}

result<json> find_counts(const storage::settings& s) {
  auto told = ask_server(s.root, {{"do", "count"}});
  if (told || told.error().code != errc::not_found)
    return told;
  const auto stored = storage::open_reader(s);
  if (!stored)
    return fail(stored.error());
  return count_stored(*stored);
}

} // namespace mediad::command
