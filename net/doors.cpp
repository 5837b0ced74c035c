#include "net/doors.hpp"

#include "net/files/records.hpp"
#include "net/ietf/ietf.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/whole.hpp"

namespace mediad::net::doors {

asio::awaitable<void> create(exchange& x) {
  if (tus::is_spoken(x))
    return tus::create(x);
  if (ietf::creates_upload(x))
    return ietf::create(x);
  return uploads::create_whole(x);
}

asio::awaitable<void> send_offset(exchange& x) {
  if (tus::is_spoken(x))
    return tus::send_offset(x);
  return ietf::send_offset(x); // the IETF draft's HEAD carries no protocol field
}

asio::awaitable<void> append(exchange& x) {
  if (!tus::is_spoken(x) && ietf::is_spoken(x))
    return ietf::append(x);
  return tus::append(x); // answers 412 and names the missing field
}

asio::awaitable<void> remove(exchange& x) {
  if (tus::is_spoken(x))
    return tus::terminate(x);
  return remove_record(x);
}

} // namespace mediad::net::doors
