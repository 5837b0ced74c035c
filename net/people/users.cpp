#include "net/people/users.hpp"

#include "base/clock.hpp"
#include "base/user_name.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"
#include "net/people/wanted.hpp"

namespace mediad::net::people {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t max_display_name = 100; ///< Bytes.

ordered_json public_json(const user_row& u, const storage::usage& used) {
  ordered_json one;
  one["id"] = u.id;
  one["name"] = u.name;
  one["display_name"] = u.display_name;
  one["role"] = to_string(u.role);
  one["created_at"] = to_rfc3339(u.created_at);
  one["disabled_at"] = time_or_null(u.disabled_at);
  one["password_at"] = time_or_null(u.password_at);
  one["can_sign_in"] = u.may_sign_in();
  one["second_factor"] = u.has_second_factor();
  one["quota"] = u.quota == 0 ? ordered_json{} : ordered_json(u.quota);
  one["used"] = used.held_bytes();
  return one;
}

asio::awaitable<void> send_user(exchange& x, http::status status, std::string id) {
  const auto user = x.storage().find_user_by_id(id);
  const auto used = x.storage().find_usage(id);
  if (!user)
    co_return co_await x.send_problem(user.error());
  if (!used)
    co_return co_await x.send_problem(used.error());
  co_await x.send_json(status, public_json(*user, *used));
}

/// The user's name; the id if there is none any more.
std::string named_or(const exchange& x, const std::string& id) {
  const auto user = x.storage().find_user_by_id(id);
  return user ? user->name : id;
}

/// What a body says of a user, checked; a member without a value was not in it.
struct wanted_user {
  std::optional<std::string> name;
  std::optional<std::string> password;
  std::optional<std::string> display_name;
  std::optional<user_role> role;
  std::optional<std::uint64_t> quota;
  std::optional<bool> disabled;
};

result<> read_texts(const nlohmann::json& body, wanted_user& wanted) {
  for (const auto& [member, target] :
       {std::pair{"name", &wanted.name}, std::pair{"password", &wanted.password},
        std::pair{"display_name", &wanted.display_name}}) {
    if (!body.contains(member))
      continue;
    const auto text = text_of(body, member);
    if (!text)
      return fail(text.error());
    *target = *text;
  }
  if (wanted.name && !is_user_name(*wanted.name))
    return fail(errc::bad_request, "`name` must be 1 to 32 of a-z, 0-9, _ and -, without - first.");
  if (wanted.display_name && wanted.display_name->size() > max_display_name)
    return fail(errc::bad_request, "`display_name` has at most 100 bytes.");
  return {};
}

/// @returns errc::bad_request with a sentence for the client.
result<wanted_user> read_user(const nlohmann::json& body) {
  wanted_user wanted;
  if (auto ok = read_texts(body, wanted); !ok)
    return fail(ok.error());
  if (const auto role = body.find("role"); role != body.end()) {
    wanted.role =
      role->is_string() ? parse_user_role(role->get_ref<const std::string&>()) : std::nullopt;
    if (!wanted.role)
      return fail(errc::bad_request, "`role` must be `admin` or `member`.");
  }
  if (const auto quota = body.find("quota"); quota != body.end()) {
    if (!quota->is_null() && !quota->is_number_unsigned())
      return fail(errc::bad_request, "`quota` must be a number of bytes, or null.");
    wanted.quota = quota->is_null() ? 0 : quota->get<std::uint64_t>();
  }
  if (const auto disabled = body.find("disabled"); disabled != body.end()) {
    if (!disabled->is_boolean())
      return fail(errc::bad_request, "`disabled` must be true or false.");
    wanted.disabled = disabled->get<bool>();
  }
  return wanted;
}

/// The body's user, with the password hashed.
/// @returns nothing if the answer has been sent.
asio::awaitable<std::optional<wanted_user>> take_user(exchange& x) {
  auto wanted = co_await take_wanted<wanted_user>(x, find_missing_proof(x), read_user);
  if (wanted && wanted->password)
    if (const bool is_hashed = co_await hash_wanted(x, *wanted->password); !is_hashed)
      wanted.reset();
  co_return wanted;
}

} // namespace

asio::awaitable<void> list_users(exchange& x) {
  const auto all = x.storage().users();
  if (!all)
    co_return co_await x.send_problem(all.error());
  ordered_json told{{"items", ordered_json::array()}, {"cursor", nullptr}};
  for (const auto& one : *all) {
    const auto used = x.storage().find_usage(one.id);
    if (!used)
      co_return co_await x.send_problem(used.error());
    told["items"].push_back(public_json(one, *used));
  }
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> make_user(exchange& x) {
  auto wanted = co_await take_user(x);
  if (!wanted)
    co_return;
  if (!wanted->name || !wanted->password)
    co_return co_await refuse_body(x, "A user has a `name` and a `password`.");
  storage::new_user made{*wanted->name, true};
  made.takes_over = x.options().user;
  made.display_name = wanted->display_name.value_or("");
  made.role = wanted->role.value_or(user_role::member);
  made.quota = wanted->quota.value_or(0);
  made.password = *std::move(wanted->password);
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  note(x, audit_act::user_added, *wanted->name);
  end_all_but_this(x);
  co_await send_user(x, http::status::created, done->id);
}

asio::awaitable<void> send_user(exchange& x) {
  co_await send_user(x, http::status::ok, x.arguments.front());
}

asio::awaitable<void> change_user(exchange& x) {
  auto wanted = co_await take_user(x);
  if (!wanted)
    co_return;
  const auto id = x.arguments.front();
  if (wanted->name) {
    storage::user_rename rename{id, *wanted->name};
    const auto done = co_await apply_change(x.shared(), std::move(rename));
    if (!done)
      co_return co_await send_refusal(x, done.error());
  }
  storage::user_change change{id};
  change.display_name = std::move(wanted->display_name);
  change.role = wanted->role;
  change.quota = wanted->quota;
  change.disabled = wanted->disabled;
  change.password = std::move(wanted->password);
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  note(x, audit_act::user_changed, named_or(x, id));
  end_all_but_this(x);
  co_await send_user(x, http::status::ok, id);
}

} // namespace mediad::net::people
