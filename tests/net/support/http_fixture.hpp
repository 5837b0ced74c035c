#pragma once

#include "actors/config.hpp"
#include "actors/notifier.hpp"
#include "actors/storage_owner.hpp"
#include "base/log.hpp"
#include "net/server.hpp"
#include "tests/net/support/everybody_is.hpp"
#include "tests/net/support/fakes.hpp"
#include "tests/net/support/http_client.hpp"
#include "tests/storage/scene.hpp"

#include <boost/asio/io_context.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>

namespace mediad::tests {

/// The HTTP side on a real port, with a real store, its owner and a notifier; only the dispatcher
/// is a fake.
struct http_fixture : scene {
  using json = nlohmann::json;

  actors::config cfg;
  caf::actor_system sys{cfg};
  std::shared_ptr<guarded<dispatcher_script>> script =
    std::make_shared<guarded<dispatcher_script>>();
  net::settings options;
  std::string user = id_of("local"); ///< Id of the user that asks, by default.
  net::authenticator who_asks = everybody_is(user);
  notifier_actor notifier;
  storage_actor owner;
  dispatcher_actor dispatcher;
  std::optional<net::server> server;

  http_fixture() {
    options.listen = {"127.0.0.1:0"};
    options.allowed_hosts = {"mediad.test", "media.example", "a"};
    options.preview_wait = std::chrono::milliseconds{0};
    options.grace = std::chrono::milliseconds{2'000};
    actors::notifier_deps hears;
    hears.events_after = [files = reader()](std::uint64_t after, std::size_t limit) {
      return files.events_after(after, limit);
    };
    notifier = actors::spawn_notifier(sys, hears);
    actors::storage_owner_deps owns;
    owns.apply = [this](std::vector<storage::change> group) {
      return store->apply(std::move(group));
    };
    owns.notifier = notifier;
    owner = actors::spawn_storage_owner(sys, owns);
    dispatcher = fake_dispatcher(sys, owner, script);
  }

  ~http_fixture() {
    stop();
    end(dispatcher);
    end(owner);
    end(notifier);
  }

  void start() {
    net::backend_handles deps{&sys, dispatcher, owner, notifier, reader()};
    deps.upkeep = [] {
      return std::string{"inspection 1: over\n"};
    };
    deps.everybody = user;
    deps.who_asks = who_asks;
    server.emplace(std::move(net::server::start(options, std::move(deps)).value()));
  }
  void stop() {
    if (server)
      server->stop();
    server.reset();
  }

  /// One request on a connection of its own.
  http_answer ask(const std::string& method, const std::string& target,
                  const std::string& body = "", const std::string& fields = "") {
    http_client c{server->address()};
    return c.ask(method, target, body, fields);
  }

  /// Uploads a raw body; the record.
  json upload(const std::string& name, const std::string& body) {
    const auto a = ask("POST", "/v1/files?name=" + name, body);
    if (a.status != 201)
      throw std::runtime_error{"upload: " + std::to_string(a.status) + ' ' + a.body};
    return json::parse(a.body);
  }

  std::string stored_bytes(const std::string& id) {
    return read_file(original_path(reader().find(id).value()), 64U << 20U).value();
  }

  /// Files that clients can see, by the list.
  std::size_t listed() {
    return json::parse(ask("GET", "/v1/files").body)["files"].size();
  }

  /// Has the storage owner apply a change, after all that it was told before.
  storage::applied have_applied(storage::change c) {
    caf::scoped_actor self{sys};
    storage::applied done;
    self->request(owner, std::chrono::seconds{10}, std::move(c))
      .receive([&](const storage::applied& told) { done = told; },
               [](const caf::error& e) { throw std::runtime_error{from_caf(e).detail}; });
    return done;
  }

  /// What is left in staging, once the storage owner has done all it was told before.
  std::size_t staged() {
    storage::notice marker;
    marker.text = "all before this is done";
    have_applied(marker);
    store->finish_syncs().value();
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator{root() / "system" / "staging"})
      ++n;
    return n;
  }

  /// Ends an actor and waits for it.
  template <class Handle>
  void end(Handle& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::scoped_actor self{sys};
    self->wait_for(actor);
    actor = nullptr;
  }
};

/// `multipart/form-data` with these files, as a browser writes it.
inline std::string form_of(const std::vector<std::pair<std::string, std::string>>& files,
                           const std::string& boundary) {
  std::string out;
  for (const auto& [name, bytes] : files)
    out.append("--")
      .append(boundary)
      .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
      .append(name)
      .append("\"\r\nContent-Type: application/octet-stream\r\n\r\n")
      .append(bytes)
      .append("\r\n");
  out.append("--").append(boundary).append("--\r\n");
  return out;
}

} // namespace mediad::tests
