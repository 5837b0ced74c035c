#include "actors/codec/input_feed.hpp"

#include "media/job/packets.hpp"

#include <sys/socket.h>

namespace mediad::actors {

void input_feed::begin() {
  const std::lock_guard lock{guard_};
  socket_ = unique_fd{};
  bytes_ = 0;
  is_whole_ = false;
}

bool input_feed::tell(std::uint64_t bytes, bool is_whole) {
  const std::lock_guard lock{guard_};
  bytes_ = bytes;
  is_whole_ = is_whole;
  return !socket_ || send();
}

void input_feed::connect(unique_fd socket) {
  const std::lock_guard lock{guard_};
  socket_ = std::move(socket);
  if (bytes_ > 0 || is_whole_)
    static_cast<void>(send()); // its queue is empty
}

void input_feed::disconnect() {
  const std::lock_guard lock{guard_};
  socket_ = unique_fd{};
}

// Each packet says how much there is in all: one that finds no room is made good by the next.
bool input_feed::send() const {
  const media::input_growth told{bytes_, is_whole_ ? 1U : 0U};
  return ::send(socket_.get(), &told, sizeof told, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

} // namespace mediad::actors
