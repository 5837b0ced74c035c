#pragma once

#include "actors/notifier.hpp"
#include "net/server.hpp"
#include "tests/net/support/everybody_is.hpp"
#include "tests/storage/scene.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <csignal>
#include <future>
#include <memory>
#include <string>

namespace mediad::tests {

struct caf_config : caf::actor_system_config {
  caf_config() {
    add_message_types<caf::id_block::mediad>();
  }
};

/// Hands on what it is asked, and tells which session subscribed.
inline notifier_actor spawn_listening_notifier(caf::actor_system& system, notifier_actor to,
                                               std::shared_ptr<std::promise<session_actor>> first) {
  const auto hear = [](notifier_actor::pointer self, const notifier_actor& real,
                       const std::shared_ptr<std::promise<session_actor>>& told) {
    auto seen = std::make_shared<bool>(false);
    return notifier_actor::behavior_type{
      [=](const event& e) { self->send(real, e); },
      [=](const live_event& e) { self->send(real, e); },
      [=](caf::subscribe_atom atom, const session_actor& session, const event_filter& filter) {
        if (!std::exchange(*seen, true))
          told->set_value(session);
        return self->delegate(real, atom, session, filter);
      },
    };
  };
  return system.spawn(hear, std::move(to), std::move(first));
}

/// A store with a real server before it: what happens in the store is told to the notifier, as its
/// owner would do.
struct served : scene {
  caf_config cfg;
  caf::actor_system system{cfg};
  std::shared_ptr<std::promise<session_actor>> first_session =
    std::make_shared<std::promise<session_actor>>();
  notifier_actor real_notifier;
  notifier_actor notifier;
  std::optional<net::server> server;
  boost::asio::ip::tcp::endpoint endpoint;

  served() {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // as the server's main does
  }

  ~served() {
    stop();
    for (const auto& actor : {notifier, real_notifier})
      if (actor)
        caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  static net::settings quick() {
    net::settings s;
    s.listen = {"127.0.0.1:0"};
    s.allowed_hosts = {"mediad.test"};
    s.user = "ann";
    s.threads = 1;
    s.grace = std::chrono::seconds{2};
    return s;
  }

  void start(const net::settings& s = quick()) {
    actors::notifier_deps heard;
    heard.newest = reader().events().value().newest;
    heard.events_after = [files = reader()](std::uint64_t after, std::size_t limit) {
      return files.events_after(after, limit);
    };
    real_notifier = actors::spawn_notifier(system, heard);
    notifier = spawn_listening_notifier(system, real_notifier, first_session);
    net::backend_handles deps{&system, {}, {}, notifier, reader()};
    deps.who_asks = everybody_is(id_of(s.user));
    server.emplace(std::move(net::server::start(s, std::move(deps)).value()));
    const auto address = server->address();
    const auto colon = address.rfind(':');
    endpoint = {boost::asio::ip::make_address(address.substr(0, colon)),
                static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)))};
  }

  void start_with(std::size_t outbox_events,
                  std::chrono::milliseconds body_timeout = std::chrono::seconds{30},
                  std::chrono::milliseconds ping_interval = std::chrono::seconds{20}) {
    auto s = quick();
    s.outbox_events = outbox_events;
    s.body_timeout = body_timeout;
    s.ping_interval = ping_interval;
    start(s);
  }

  void stop() {
    if (server)
      server->stop();
    server.reset();
  }

  /// Applies changes with one commit and announces them.
  void happen(std::vector<storage::change> group) {
    for (const auto& done : store->apply(std::move(group)).value())
      if (notifier && done.value().event) // before the start no session listens
        caf::anon_send(notifier, *done.value().event);
  }

  void notice(std::string text, const std::string& user = "ann") {
    notices(1, std::move(text), user);
  }

  void notices(std::size_t count, std::string text = "hello", const std::string& user = "ann") {
    storage::notice n;
    if (!user.empty())
      n.user = id_of(user);
    n.text = std::move(text);
    happen(std::vector<storage::change>(count, n));
  }

  /// Waits until the first subscriber's actor has ended.
  void wait_for_end_of_session() {
    const auto session = first_session->get_future().get();
    caf::scoped_actor self{system};
    self->wait_for(session);
  }
};

} // namespace mediad::tests
