#include "net/people/tickets.hpp"

#include "base/clock.hpp"
#include "base/types.hpp"
#include "base/ulid.hpp"
#include "net/access/tickets.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/named_folder.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

namespace {

constexpr std::chrono::seconds longest = longest_ticket;
constexpr std::chrono::seconds usual{3'600};

/// One bit for each profile of the list; 0, which is any, without a list.
result<unsigned> asked_profiles(const nlohmann::json& body) {
  const auto found = body.find("profiles");
  if (found == body.end() || found->is_null())
    return 0U;
  const auto rule =
    fail(errc::bad_request,
         "`profiles` must be a list of some of: image, video, audio, document, other.");
  if (!found->is_array() || found->empty())
    return rule;
  unsigned some = 0;
  for (const auto& word : *found) {
    const auto one =
      word.is_string() ? parse_profile(word.get_ref<const std::string&>()) : std::nullopt;
    if (!one)
      return rule;
    some |= 1U << static_cast<unsigned>(*one);
  }
  return some;
}

/// What it allows and until when.
result<ticket> asked_ticket(const exchange& x, const nlohmann::json& body) {
  auto folder = own_folder_in(x, body);
  if (!folder)
    return fail(folder.error());
  const auto most = x.options().max_file_bytes;
  const auto bytes = number_of(body, "max_bytes", "bytes", most, most);
  if (!bytes)
    return fail(bytes.error());
  const auto profiles = asked_profiles(body);
  if (!profiles)
    return fail(profiles.error());
  const auto seconds =
    number_of(body, "expires_in", "seconds", static_cast<std::uint64_t>(usual.count()),
              static_cast<std::uint64_t>(longest.count()));
  if (!seconds)
    return fail(seconds.error());
  ticket t;
  t.id = make_ulid();
  t.user = x.asker().user;
  if (x.asker().by == known_by::token)
    t.maker = x.asker().credential;
  t.expires_at = end_of_made(x, *seconds);
  t.limits = {*bytes, *profiles};
  t.folder = *std::move(folder);
  return t;
}

} // namespace

asio::awaitable<void> make_ticket(exchange& x) {
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto made = asked_ticket(x, *body);
  if (!made && made.error().code != errc::bad_request)
    co_return co_await x.send_problem(made.error());
  if (!made)
    co_return co_await refuse_body(x, made.error().detail);
  nlohmann::ordered_json told;
  told["id"] = made->id;
  told["ticket"] = to_text(*x.shared().deps.keys, *made);
  told["expires_at"] = to_rfc3339(made->expires_at);
  co_await x.send_json(http::status::created, told);
}

asio::awaitable<void> end_ticket(exchange& x) {
  const auto& id = x.arguments.front();
  if (!is_ulid(id))
    co_return co_await x.send_problem(problem_of(errc::not_found));
  storage::key_end end{x.asker().user, request_key_of_ticket(id)};
  const auto done = co_await apply_change(x.shared(), std::move(end));
  if (!done)
    co_return co_await x.send_problem(done.error());
  end_all_but_this(x);
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::people
