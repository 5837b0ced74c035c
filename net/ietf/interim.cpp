#include "net/ietf/interim.hpp"

#include "net/uploads/location.hpp"

#include <algorithm>
#include <array>
#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace mediad::net::ietf {

namespace {

/// The request came through a proxy that says so: some send an interim answer on as the answer.
bool is_proxied(const exchange& x) {
  static constexpr std::array signs{"Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
                                    "X-Forwarded-Proto"};
  return std::any_of(signs.begin(), signs.end(),
                     [&x](const char* name) { return x.field(name).has_value(); });
}

bool is_welcome(const exchange& x, const dialect& draft) {
  return x.options().interim_104 == interim_answers::on && draft.version() != 0
         && x.request().version() >= 11 && !is_proxied(x);
}

/// Whether everything that was sent has reached the client's machine.
bool has_taken_all(exchange& x) {
  int waiting = 0;
  return ::ioctl(x.stream().socket().native_handle(), SIOCOUTQ, &waiting) == 0 && waiting == 0;
}

asio::awaitable<void> send_interim(exchange& x, dialect draft, std::string fields) {
  const auto text = "HTTP/1.1 104 Upload Resumption Supported\r\n" + fields
                    + "Upload-Draft-Interop-Version: " + std::to_string(draft.version())
                    + "\r\n\r\n";
  co_await x.write(text);
}

} // namespace

asio::awaitable<bool> send_interim_location(exchange& x, dialect draft,
                                            const uploads::incoming_file& file) {
  if (!is_welcome(x, draft))
    co_return false;
  auto fields = "Location: " + uploads::location_of(x, file.id())
                + "\r\nUpload-Limit: " + limits(x, file.state().expires_at) + "\r\n";
  co_await send_interim(x, draft, std::move(fields));
  co_return true;
}

asio::awaitable<void> send_interim_offset(exchange& x, dialect draft, std::uint64_t offset) {
  if (!is_welcome(x, draft) || !has_taken_all(x))
    co_return;
  auto fields = "Upload-Offset: " + std::to_string(offset) + "\r\n";
  co_await send_interim(x, draft, std::move(fields));
}

} // namespace mediad::net::ietf
