#include "command/instance.hpp"

#include "actors/config.hpp"
#include "actors/system.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "command/accounts.hpp"
#include "command/admin/local_socket.hpp"
#include "command/admin/server.hpp"
#include "command/counts.hpp"
#include "command/keys_command.hpp"
#include "command/sandbox_check.hpp"
#include "command/status.hpp"
#include "command/upkeep.hpp"
#include "config/listen.hpp"
#include "net/server.hpp"
#include "storage/copies/copies.hpp"
#include "storage/store.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <nlohmann/json.hpp>

#include <optional>
#include <unistd.h>
#include <utility>

namespace mediad::command {

// The parts in the order of their making, which is the reverse of their end.
struct instance::parts {
  /// Takes commands from other processes of this machine, as long as the server runs.
  void take_commands(const config::settings& s);
  /// Has nothing more made of files that are about to be deleted with their user.
  void stop_work_of_leavers() const;
  /// What `mediad status` and admins are told.
  result<nlohmann::json> status(const std::vector<std::string>& urls) const;
  /// Makes what compares the store with the disk, which does so only when asked.
  void make_upkeep(const config::settings& s);

  unix_ms started_at = now_ms();
  std::filesystem::path root;
  std::size_t max_backlog = 0;
  std::shared_ptr<metrics::registry> numbers = std::make_shared<metrics::registry>();
  std::shared_ptr<storage::store> store;
  actors::config caf_config;
  caf::actor_system caf_system{caf_config};
  std::optional<actors::system> actors;
  std::unique_ptr<upkeep> look_after;
  std::shared_ptr<net::signing_keys> keys = std::make_shared<net::signing_keys>();
  std::optional<net::server> server;
  std::optional<admin_server> admin;
};

void instance::parts::make_upkeep(const config::settings& s) {
  upkeep_deps deps;
  deps.inspect = store->inspector();
  deps.apply = [this](storage::change c) {
    return actors->apply(std::move(c));
  };
  deps.process_again = [this](const std::string& id) {
    actors->take_up(id);
  };
  deps.settings = s.storage;
  look_after = std::make_unique<upkeep>(std::move(deps));
}

void instance::parts::stop_work_of_leavers() const {
  const auto files = store->reader();
  const auto unfinished = files.unfinished();
  if (!unfinished)
    return log::warning("admin", unfinished.error().detail);
  for (const auto& id : *unfinished) {
    const auto record = files.find(id);
    const auto owner = record ? files.find_user_by_id(record->user) : fail(record.error());
    if (owner && owner->leaving_since != 0)
      caf::anon_send(actors->dispatcher(), cancel_atom_v, id);
  }
}

result<nlohmann::json> instance::parts::status(const std::vector<std::string>& urls) const {
  const running_server self{urls, started_at, numbers.get(), max_backlog};
  auto told = status_of_running(self, store->reader());
  if (told)
    (*told)["copies"] = status_of_copies(root);
  return told;
}

void instance::parts::take_commands(const config::settings& s) {
  admin_options options;
  options.file = admin_socket_of(s.storage.root);
  admin_handlers handlers;
  handlers["status"] = [this](const nlohmann::json&) {
    return status(server->urls());
  };
  handlers["count"] = [this](const nlohmann::json&) {
    return count_stored(store->reader());
  };
  handlers["inspect"] = [this](const nlohmann::json& request) -> result<nlohmann::json> {
    if (!request.value("begin", false))
      return look_after->outcome(request.value("number", std::uint64_t{0}));
    const auto number = look_after->ask(request.value("verify", false));
    return result<nlohmann::json>{boost::system::in_place_value,
                                  nlohmann::json{{"number", number}}};
  };
  handlers["user"] = [this](const nlohmann::json& request) {
    auto done = manage_users(request, store->reader(),
                             [this](storage::change c) { return actors->apply(std::move(c)); });
    const auto what = request.value("what", "");
    if (done && what != "list" && what != "clear")
      log::info("audit", "user " + what + ": " + request.value("name", "") + ", on the machine");
    if (done && what == "link")
      (*done)["page"] = server->urls().front();
    server->check_callers();
    stop_work_of_leavers();
    return done;
  };
  handlers["keys"] = [this](const nlohmann::json& request) {
    return rotate_keys(request, *keys);
  };
  auto started = admin_server::start(std::move(options), std::move(handlers));
  // The files are served all the same.
  if (!started)
    return log::warning("admin", "takes no commands: " + started.error().detail);
  admin.emplace(std::move(*started));
}

namespace {

/// This very program, also if another one has taken its place on the disk; it is told nothing but
/// what concerns the copy.
std::vector<std::string> copy_command(const storage::settings& s) {
  if (s.database_copies == 0)
    return {};
  std::vector<std::string> command{"/proc/self/exe", "copy", "--config", "/dev/null"};
  for (const auto& set :
       {"root=" + s.root.string(), "database_copies=" + std::to_string(s.database_copies),
        "min_free=" + std::to_string(s.min_free_bytes) + "B"}) {
    command.emplace_back("--set");
    command.push_back("storage." + set);
  }
  return command;
}

/// The id of the user who owns all files while no account has a password; empty once one has.
/// @returns errc::bad_request if none has, and others than this machine could ask.
result<std::string> find_everybody(storage::store& store, const config::settings& s) {
  const auto wanted = store.reader().wants_sign_in();
  if (!wanted)
    return fail(wanted.error());
  if (*wanted)
    return std::string{};
  if (const auto open = config::find_open_address(s.net); !open.empty())
    return fail(errc::bad_request,
                "server.listen: whoever reaches " + open
                  + " could read and delete every file, as nobody signs in yet: first make an "
                    "admin, by mediad user add NAME --admin --password-stdin");
  return store.user_id(s.net.user);
}

unix_ms newest_copy(const std::filesystem::path& root) {
  const auto all = storage::find_copies(root);
  return all && !all->empty() ? all->back().made_at : 0;
}

} // namespace

instance::instance(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

instance::instance(instance&&) noexcept = default;
instance& instance::operator=(instance&&) noexcept = default;

instance::~instance() {
  if (parts_)
    stop();
}

std::filesystem::path worker_program() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return self.parent_path() / "mediad-codec";
}

result<instance> instance::start(config::settings s,
                                 std::function<void(const std::string& who)> on_death) {
  const auto worker = worker_program();
  if (::access(worker.c_str(), X_OK) != 0)
    return fail(errc::not_found, worker.string() + " is not there or cannot be run");
  std::error_code failed;
  s.storage.root = std::filesystem::absolute(s.storage.root, failed).lexically_normal();
  if (failed)
    return fail(errc::storage_io, "the working directory is gone: " + failed.message());
  s.net.min_free_bytes = s.storage.min_free_bytes;
  s.net.user_quota_bytes = s.storage.user_quota_bytes;

  const auto sandbox = check_sandbox(worker, s.media);
  if (!sandbox)
    return fail(sandbox.error());
  auto store = storage::store::open(s.storage);
  if (!store)
    return fail(store.error());
  const auto everybody = find_everybody(*store, s);
  if (!everybody)
    return fail(everybody.error());
  auto p = std::make_unique<parts>();
  p->root = s.storage.root;
  p->max_backlog = s.actors.processing.max_backlog;
  p->store = std::make_shared<storage::store>(std::move(*store));
  if (auto ok = p->keys->keep_in(keys_file_of(s.storage.root)); !ok)
    return fail(ok.error());

  actors::system_deps deps;
  deps.store = p->store;
  deps.worker_program = worker;
  deps.media = s.media;
  deps.base_path = s.net.base_path;
  deps.on_death = std::move(on_death);
  deps.metrics = p->numbers;
  deps.copy_command = copy_command(s.storage);
  deps.newest_copy = [root = s.storage.root] {
    return newest_copy(root);
  };
  auto actors = actors::system::start(p->caf_system, s.actors, std::move(deps));
  if (!actors)
    return fail(actors.error());
  p->actors.emplace(std::move(*actors));

  p->make_upkeep(s);
  net::backend_handles handles{&p->caf_system, p->actors->dispatcher(), p->actors->storage(),
                               p->actors->notifier(), p->store->reader()};
  handles.early_previews = p->actors->early_previews();
  handles.metrics = p->numbers;
  handles.status = [p = p.get()](const std::vector<std::string>& urls) {
    return p->status(urls);
  };
  handles.upkeep = [p = p.get()] {
    return p->look_after->text();
  };
  handles.everybody = *everybody;
  handles.keys = p->keys;
  register_sandbox(*sandbox, *p->numbers);
  auto server = net::server::start(s.net, std::move(handles));
  if (!server) {
    p->actors->stop();
    return fail(server.error());
  }
  p->server.emplace(std::move(*server));
  p->look_after->ask(false);
  p->take_commands(s);
  return instance{std::move(p)};
}

std::string instance::address() const {
  return parts_->server->address();
}

const std::vector<std::string>& instance::urls() const {
  return parts_->server->urls();
}

void instance::reload() {
  parts_->server->reload();
}

storage::view instance::files() const {
  return parts_->store->reader();
}

void instance::stop() {
  parts_->admin.reset();
  if (parts_->server)
    parts_->server->stop();
  parts_->server.reset();
  parts_->look_after.reset();
  if (parts_->actors)
    parts_->actors->stop();
  parts_->actors.reset();
  // The next start looks at more then, and no less comes of it.
  if (auto ok = parts_->store->stop(); !ok)
    log::warning("storage", "not stopped in order: " + ok.error().detail);
}

} // namespace mediad::command
