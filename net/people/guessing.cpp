#include "net/people/guessing.hpp"

#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

asio::awaitable<bool> may_try(exchange& x, std::string guessed) {
  const auto wait = x.shared().wrong_guesses.wait_of(guessed, client_address(x));
  if (wait.count() > 0)
    co_await send_guessing(x, wait);
  co_return wait.count() == 0;
}

void count_wrong(exchange& x, const std::string& guessed, const std::string& about,
                 audit_act if_wrong) {
  const auto address = client_address(x);
  x.shared().wrong_guesses.was_wrong(guessed, address);
  x.shared().counters.wrong_passwords.fetch_add(1, std::memory_order_relaxed);
  x.shared().audit.note_refused(if_wrong, about, address);
}

void count_right(exchange& x, const std::string& guessed) {
  x.shared().wrong_guesses.was_right(guessed, client_address(x));
}

asio::awaitable<std::optional<bool>> try_password(exchange& x, shown_password shown) {
  const std::optional<bool> answered;
  const bool may = co_await may_try(x, shown.name);
  if (!may)
    co_return answered;
  const auto compared =
    co_await x.shared().desk.is_right(std::move(shown.hash), std::move(shown.password));
  if (!compared) {
    co_await send_desk_refusal(x, compared.error());
    co_return answered;
  }
  const bool is_right = *compared && shown.may_be_right;
  if (!is_right)
    count_wrong(x, shown.name, shown.about, shown.if_wrong);
  else if (shown.is_all)
    count_right(x, shown.name);
  co_return std::optional{is_right};
}

} // namespace mediad::net::people
