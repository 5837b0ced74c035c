#include "net/people/entering.hpp"

#include "net/access/credentials.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

namespace {

constexpr std::size_t max_agent = 200; ///< Bytes kept of `User-Agent`.

} // namespace

asio::awaitable<result<std::string>> begin_session(exchange& x, std::string user, bool by_link) {
  auto [row, text] = make_credential(std::move(user), credential_kind::session);
  row.used_at = row.proved_at = row.created_at;
  row.expires_at = row.created_at + std::chrono::milliseconds{session_idle}.count();
  row.address = client_address(x);
  row.agent = x.field("User-Agent").value_or("").substr(0, max_agent);
  row.by_link = by_link;
  storage::new_credential made{std::move(row)};
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done)
    co_return fail(done.error());
  co_return cookie_line(text, place_of_cookie(x));
}

asio::awaitable<void> send_signed_in(exchange& x, result<std::string> cookie) {
  if (!cookie)
    co_return co_await send_refusal(x, cookie.error());
  x.add_to_answer("Set-Cookie", *cookie);
  x.add_to_answer("Cache-Control", "no-store");
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::people
