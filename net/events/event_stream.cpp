#include "net/events/event_stream.hpp"

#include "net/access/ownership.hpp"
#include "net/backend/ask.hpp"

#include <utility>

namespace mediad::net::events {
namespace {

constexpr int send_buffer_bytes = 64 * 1024;

} // namespace

event_stream::event_stream(services& all, boost::asio::any_io_executor connection, caller who,
                           interest wanted)
  : shared{all},
    asker{std::move(who)},
    session{
      std::make_shared<events::session>(std::move(connection), std::move(wanted),
                                        outbox{all.options.outbox_events, all.options.base_path})},
    listener{*all.deps.system, session},
    log{[files = all.deps.files](std::uint64_t after, std::size_t limit) {
      return files.events_after(after, limit);
    }} {}

result<> event_stream::check_file(const std::string& id) const {
  if (!asker.sees_own_uploads_only && asker.folder.empty())
    return {};
  const auto own = find_own_file(shared.deps.files, asker, id);
  return own ? result<>{} : fail(own.error());
}

boost::asio::awaitable<result<>> event_stream::subscribe(event_filter filter) {
  const auto answer = co_await ask<std::uint64_t>(
    *shared.deps.system, shared.deps.notifier, shared.options.request_timeout,
    caf::subscribe_atom_v, listener.actor(), std::move(filter));
  if (!answer)
    co_return result<>{answer.error()};
  co_return result<>{};
}

void bound_send_buffer(client_stream& s) {
  boost::system::error_code ignored; // a dead socket fails at the first send
  s.socket().set_option(boost::asio::socket_base::send_buffer_size{send_buffer_bytes}, ignored);
}

} // namespace mediad::net::events
