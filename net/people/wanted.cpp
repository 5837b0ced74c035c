#include "net/people/wanted.hpp"

#include "net/backend/services.hpp"

namespace mediad::net::people {

asio::awaitable<bool> hash_wanted(exchange& x, std::string& password) {
  auto hash = co_await x.shared().desk.hash(password);
  if (!hash) {
    co_await send_desk_refusal(x, hash.error());
    co_return false;
  }
  password = *std::move(hash);
  co_return true;
}

} // namespace mediad::net::people
