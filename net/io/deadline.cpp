#include "net/io/deadline.hpp"

namespace mediad::net {

deadline::deadline(client_stream& stream)
  : stream_{stream}, alarm_{stream.get_executor(), [&stream] {
                              stream.cancel();
                            }} {}

void deadline::set(std::chrono::milliseconds from_now) {
  stream_.expires_never();
  alarm_.set(alarm::clock::now() + from_now);
}

void deadline::clear() {
  alarm_.clear();
}

bool deadline::passed() const {
  return alarm_.passed();
}

} // namespace mediad::net
