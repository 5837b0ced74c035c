#include "net/io/alarm.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace mediad::net {

struct alarm::watch : std::enable_shared_from_this<watch> {
  watch(boost::asio::any_io_executor executor, std::function<void()> action)
    : on_time{std::move(action)}, timer{std::move(executor)} {}

  void arm() {
    waits = true;
    timer.expires_at(at);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
      const auto self = weak.lock();
      if (!stopped && self)
        self->look();
    });
  }

  void look() {
    waits = false;
    if (!active)
      return;
    if (clock::now() < at)
      return arm();
    active = false;
    passed = true;
    on_time();
  }

  std::function<void()> on_time;
  boost::asio::steady_timer timer;
  clock::time_point at;
  bool active = false;
  bool passed = false;
  bool waits = false; ///< The timer runs, for a moment that may have moved since.
};

alarm::alarm(boost::asio::any_io_executor executor, std::function<void()> on_time)
  : watch_{std::make_shared<watch>(std::move(executor), std::move(on_time))} {}

alarm::~alarm() {
  watch_->active = false;
}

void alarm::set(clock::time_point at) {
  auto& w = *watch_;
  w.at = at;
  w.active = true;
  w.passed = false;
  if (!w.waits || w.at < w.timer.expiry())
    w.arm();
}

void alarm::clear() {
  watch_->active = false;
}

bool alarm::passed() const {
  return watch_->passed;
}

} // namespace mediad::net
