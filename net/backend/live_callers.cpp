#include "net/backend/live_callers.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace mediad::net {

struct live_callers::request::state {
  caller who;
  boost::asio::any_io_executor connection;
  std::function<void()> end; ///< Empty once the request is over. The connection's alone.
};

live_callers::request::request(live_callers& all, caller who,
                               boost::asio::any_io_executor connection, std::function<void()> end)
  : all_{all},
    state_{std::make_shared<state>(state{std::move(who), std::move(connection), std::move(end)})} {
  const std::lock_guard lock{all_.mutex_};
  mine_ = all_.requests_.insert(all_.requests_.end(), state_);
}

live_callers::request::~request() {
  state_->end = nullptr;
  const std::lock_guard lock{all_.mutex_};
  all_.requests_.erase(mine_);
}

void live_callers::request::ends_by(std::function<void()> end) {
  state_->end = std::move(end);
}

void live_callers::check(const std::function<bool(const caller&)>& still_counts) {
  // The lock keeps the connections, and so their executors, alive while it is held.
  const std::lock_guard lock{mutex_};
  for (const auto& one : requests_)
    if (!still_counts(one->who))
      boost::asio::post(one->connection, [one] {
        if (one->end)
          one->end();
      });
}

} // namespace mediad::net
