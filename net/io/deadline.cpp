#include "net/io/deadline.hpp"

namespace mediad::net {

using clock = std::chrono::steady_clock;

struct deadline::watch : std::enable_shared_from_this<watch> {
  explicit watch(boost::beast::tcp_stream& s) : stream{&s}, timer{s.get_executor()} {}

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
    stream->cancel();
  }

  boost::beast::tcp_stream* stream;
  boost::asio::steady_timer timer;
  clock::time_point at;
  bool active = false;
  bool passed = false;
  bool waits = false; ///< The timer runs, for a deadline that may have moved since.
};

deadline::deadline(boost::beast::tcp_stream& stream) : watch_{std::make_shared<watch>(stream)} {}

deadline::~deadline() {
  watch_->active = false;
}

void deadline::set(std::chrono::milliseconds from_now) {
  auto& w = *watch_;
  w.stream->expires_never();
  w.at = clock::now() + from_now;
  w.active = true;
  w.passed = false;
  if (!w.waits || w.at < w.timer.expiry())
    w.arm();
}

void deadline::clear() {
  watch_->active = false;
}

bool deadline::passed() const {
  return watch_->passed;
}

} // namespace mediad::net
