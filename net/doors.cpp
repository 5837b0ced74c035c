#include "net/doors.hpp"

#include "net/files/records.hpp"
#include "net/ietf/ietf.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/whole.hpp"

#include <string>

namespace mediad::net::doors {

namespace {

/// Fields of a POST that mean something only beside the field which names their protocol. Without
/// it, as when a proxy drops that one, the request would make a file of whatever its body has.
constexpr const char* fields_of_protocols[] = {"Upload-Length",   "Upload-Defer-Length",
                                               "Upload-Metadata", "Upload-Concat",
                                               "Upload-Offset",   "Upload-Checksum"};

asio::awaitable<void> create_without_protocol(exchange& x) {
  for (const std::string name : fields_of_protocols)
    if (x.field(name) && !ietf::says_complete(x)) {
      auto sentence = "`" + name
                      + "` needs `Tus-Resumable` (1.0.0) or `Upload-Complete` (?0 or ?1) beside it,"
                        " which is missing or malformed.";
      co_return co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
    }
  co_await uploads::create_whole(x);
}

} // namespace

asio::awaitable<void> create(exchange& x) {
  if (tus::is_spoken(x))
    return tus::create(x);
  if (ietf::creates_upload(x))
    return ietf::create(x);
  return create_without_protocol(x);
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
