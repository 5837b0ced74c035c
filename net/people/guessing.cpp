#include "net/people/guessing.hpp"

#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

asio::awaitable<std::optional<bool>> try_password(exchange& x, shown_password shown) {
  const std::optional<bool> answered;
  const auto address = client_address(x);
  auto& wrong = x.shared().wrong_guesses;
  if (const auto wait = wrong.wait_of(shown.name, address); wait.count() > 0) {
    co_await send_guessing(x, wait);
    co_return answered;
  }
  const auto compared =
    co_await x.shared().desk.is_right(std::move(shown.hash), std::move(shown.password));
  if (!compared) {
    co_await send_desk_refusal(x, compared.error());
    co_return answered;
  }
  const bool is_right = *compared && shown.may_be_right;
  if (is_right) {
    wrong.was_right(shown.name, address);
  } else {
    wrong.was_wrong(shown.name, address);
    x.shared().counters.wrong_passwords.fetch_add(1, std::memory_order_relaxed);
    x.shared().audit.note_refused(shown.if_wrong, shown.about, address);
  }
  co_return std::optional{is_right};
}

} // namespace mediad::net::people
