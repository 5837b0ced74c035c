#include "net/uploads/lease.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/backend/backend.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace mediad::net::uploads {

namespace asio = boost::asio;

struct lease::state {
  state(services& all, const asio::any_io_executor& io, std::string upload)
    : shared{all}, timer{io}, id{std::move(upload)} {}

  services& shared;
  asio::steady_timer timer;
  std::string id;
  bool ended = false;
};

namespace {

constexpr std::chrono::milliseconds min_pause{100};

/// Records again what is durable, with a later expiry. If the writer has recorded more meanwhile,
/// that stands, and has a later expiry itself.
asio::awaitable<result<>> renew(services& shared, const std::string& id) {
  auto known = shared.deps.files.find_upload(id);
  if (!known)
    co_return fail(known.error());
  storage::appended same;
  same.id = id;
  same.length = known->length;
  same.offset = known->offset;
  same.hash = std::move(known->hash);
  same.complete = known->complete;
  same.stays_open = !known->complete; // if it has its length by now, it was left open
  same.expires_at = upload_expiry(shared.options);
  const auto done = co_await record_appended(shared, same);
  if (!done && done.error().code != errc::conflict)
    co_return fail(done.error());
  co_return result<>{};
}

template <class State>
asio::awaitable<void> keep(std::shared_ptr<State> s) {
  const auto pause = std::max(min_pause, s->shared.options.upload_expiry / 3);
  while (!s->ended) {
    s->timer.expires_after(pause);
    static_cast<void>(co_await s->timer.async_wait(asio::as_tuple(asio::use_awaitable)));
    if (s->ended)
      break;
    const auto renewed = co_await renew(s->shared, s->id);
    const bool gone = !renewed && renewed.error().code == errc::not_found;
    if (!renewed && !gone && !s->ended)
      log::warning(s->id, "its expiry was not put off: " + renewed.error().detail);
    if (gone)
      break;
  }
}

} // namespace

unix_ms upload_expiry(const settings& s) {
  return now_ms() + s.upload_expiry.count();
}

lease::lease(services& shared, const asio::any_io_executor& io, std::string id)
  : state_{std::make_shared<state>(shared, io, std::move(id))} {
  asio::co_spawn(io, keep(state_), asio::detached);
}

lease::~lease() {
  state_->ended = true;
  state_->timer.cancel();
}

} // namespace mediad::net::uploads
