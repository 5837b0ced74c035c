#include "net/people/tokens.hpp"

#include "net/access/credentials.hpp"
#include "net/backend/backend.hpp"
#include "net/http/json_body.hpp"
#include "net/http/named_folder.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

namespace {

/// @returns errc::bad_request, with a sentence, unless it is a list of words for rights.
result<rights> scopes_of(const nlohmann::json& body) {
  const auto found = body.find("scopes");
  const auto rule = fail(errc::bad_request,
                         "`scopes` must be a list of some of: " + to_string(rights::all()) + ".");
  if (found == body.end() || !found->is_array() || found->empty())
    return rule;
  rights some;
  for (const auto& word : *found) {
    const auto r =
      word.is_string() ? parse_right(word.get_ref<const std::string&>()) : std::nullopt;
    if (!r)
      return rule;
    some.add(*r);
  }
  return some;
}

result<fresh_credential> wanted_token(const exchange& x, const nlohmann::json& body) {
  const auto& asker = x.asker();
  const auto name = text_of(body, "name");
  if (!name || name->empty() || name->size() > max_token_name)
    return fail(errc::bad_request, "`name` must be a text of 1 to 100 bytes.");
  const auto scopes = scopes_of(body);
  if (!scopes)
    return fail(scopes.error());
  if (scopes->and_of(asker.may) != *scopes)
    return fail(errc::bad_request,
                "You have only these rights to give: " + to_string(asker.may) + ".");
  const auto end = end_of(body);
  if (!end)
    return fail(end.error());
  auto folder = own_folder_in(x, body);
  if (!folder)
    return fail(folder.error());
  if (!folder->empty() && scopes->has(right::admin))
    return fail(errc::bad_request, "A token for a `folder` has no scope `admin`.");
  auto made = make_credential(asker.user, credential_kind::token);
  made.row.folder = *std::move(folder);
  made.row.name = *name;
  made.row.scopes = scopes->to_bits();
  made.row.expires_at = *end;
  return made;
}

} // namespace

asio::awaitable<void> list_tokens(exchange& x) {
  co_await send_credentials(x, credential_kind::token);
}

asio::awaitable<void> make_token(exchange& x) {
  if (const auto missing = find_missing_proof(x))
    co_return co_await x.send_problem(*missing);
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  auto wanted = wanted_token(x, *body);
  if (!wanted && wanted.error().code != errc::bad_request)
    co_return co_await x.send_problem(wanted.error());
  if (!wanted)
    co_return co_await refuse_body(x, wanted.error().detail);
  auto& row = wanted->row;
  nlohmann::ordered_json told;
  told["id"] = row.id;
  told["token"] = to_string(wanted->text);
  told["name"] = row.name;
  told["scopes"] = words_of(rights::from_bits(row.scopes));
  told["folder"] = id_or_null(row.folder);
  told["expires_at"] = time_or_null(row.expires_at);
  storage::new_credential made{std::move(row)};
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done && done.error().code == errc::too_many)
    co_return co_await x.send_problem(problem_of(errc::too_many),
                                      "You have too many tokens and sessions; end some first.");
  if (!done)
    co_return co_await send_refusal(x, done.error());
  note(x, audit_act::token_made, told["name"].get<std::string>());
  co_await x.send_json(http::status::created, told);
}

asio::awaitable<void> end_token(exchange& x) {
  co_await end_credential(x, credential_kind::token);
}

} // namespace mediad::net::people
