#include "net/people/links.hpp"

#include "base/clock.hpp"
#include "net/access/sign_in_link.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/cors.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

asio::awaitable<void> make_link(exchange& x) {
  if (const auto missing = find_missing_proof(x))
    co_return co_await x.send_problem(*missing);
  const auto user = x.storage().find_user_by_id(x.arguments.front());
  if (!user)
    co_return co_await x.send_problem(user.error());
  const auto link = make_sign_in_link(user->id);
  storage::new_sign_in_link made{user->id, link.digest, link.expires_at};
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  note(x, audit_act::link_made, user->name);
  nlohmann::ordered_json told;
  told["url"] = own_origin(x) + x.options().base_path + address_of(link);
  told["expires_at"] = to_rfc3339(link.expires_at);
  co_await x.send_json(http::status::created, told);
}

} // namespace mediad::net::people
