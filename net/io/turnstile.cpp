#include "net/io/turnstile.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mediad::net {

boost::asio::awaitable<result<turnstile::pass>> turnstile::enter() {
  const auto quietly = boost::asio::as_tuple(boost::asio::use_awaitable);
  const auto [failed] = co_await inside_.async_send({}, quietly);
  if (failed)
    co_return fail(errc::cancelled, "while it waited for others");
  co_return pass{this};
}

} // namespace mediad::net
