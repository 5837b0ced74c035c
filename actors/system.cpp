#include "actors/system.hpp"

#include "actors/codec/memory_share.hpp"
#include "actors/errors.hpp"
#include "base/log.hpp"
#include "base/machine.hpp"
#include "media/job/json.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <utility>

namespace mediad::actors {
namespace {

/// How long one part may take to end; a worker's process is killed by then.
constexpr std::chrono::seconds stop_limit{10};

/// A part that everything rests on.
struct vital_actor {
  std::string name;
  caf::actor actor;
};

caf::behavior watch(caf::event_based_actor* self, std::vector<vital_actor> vital,
                    std::function<void(const std::string&)> on_death) {
  for (const auto& p : vital)
    self->monitor(p.actor);
  self->set_down_handler([self, vital, on_death](const caf::down_msg& down) {
    for (const auto& p : vital)
      if (p.actor.address() == down.source) {
        log::error(p.name, "died: " + caf::to_string(down.reason));
        if (on_death)
          on_death(p.name);
      }
    self->quit();
  });
  return {[](caf::ok_atom) {
  }};
}

template <class Handle>
caf::actor as_actor(const Handle& handle) {
  return caf::actor_cast<caf::actor>(handle);
}

void stop_and_wait(caf::scoped_actor& self, const caf::actor& part) {
  if (!part)
    return;
  self->monitor(part);
  self->send_exit(part, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {},
                caf::after(stop_limit) >>
                  [] { log::error("system", "a part did not stop in time"); });
}

upload_deps make_upload_deps(caf::actor_system& sys, const system_deps& deps, upload_deps made) {
  made.parameters = static_cast<const media::parameters&>(deps.media);
  made.make_processor = [&sys, pool = made.pool, parameters = made.parameters,
                         make = deps.make.processor](profile kind, upload_actor upload) {
    return make(sys, kind, {pool, std::move(upload), parameters});
  };
  made.work_dir = [files = deps.store->reader()](const file_record& record) {
    return files.work_dir(record.id, record.attempt).string();
  };
  return made;
}

notifier_actor make_notifier(caf::actor_system& sys, const system_deps& deps,
                             std::uint64_t newest) {
  notifier_deps made;
  made.newest = newest;
  made.base_path = deps.base_path;
  made.events_after = [files = deps.store->reader()](std::uint64_t after, std::size_t limit) {
    return files.events_after(after, limit);
  };
  return deps.make.notifier(sys, std::move(made));
}

storage_actor make_storage(caf::actor_system& sys, const system_deps& deps,
                           const notifier_actor& notifier) {
  storage_owner_deps made;
  made.notifier = notifier;
  made.apply = [store = deps.store](std::vector<storage::change> group) {
    return store->apply(std::move(group));
  };
  return deps.make.storage(sys, std::move(made));
}

input_opener make_input_opener(const system_deps& deps) {
  return [files = deps.store->reader()](const media::job& j) -> result<unique_fd> {
    if (j.sha256.empty())
      return files.open_staged(j.file_id);
    auto original = files.open_original(j.sha256, j.bytes);
    return original ? result<unique_fd>{std::move(original->file)} : fail(original.error());
  };
}

std::function<codec_worker(media::worker_kind, lane)> make_workers(caf::actor_system& sys,
                                                                   const system_deps& deps) {
  auto for_batch = static_cast<const media::worker_settings&>(deps.media);
  for_batch.office.warm = 0; // no client waits for batch jobs: one starts its own when it comes
  return [&sys, program = deps.worker_program, told = media::encode(deps.media),
          told_batch = media::encode(for_batch), max_jobs = deps.media.sandbox.jobs_per_worker,
          open_input = make_input_opener(deps),
          make = deps.make.worker](media::worker_kind kind, lane l) {
    // Batch work yields the processor to previews and to the server itself.
    constexpr int batch_nice = 10;
    const bool batch = l == lane::batch;
    return make(sys, {program, kind, batch ? batch_nice : 0, batch ? told_batch : told, max_jobs},
                open_input);
  };
  // The analyzer loses sight of what a std::function owns.
} // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks)

codec_pool_actor make_pool(caf::actor_system& sys, const system_deps& deps,
                           const lane_settings& lanes) {
  codec_pool_deps made;
  made.warm_offices = deps.media.office.warm;
  made.make_worker = make_workers(sys, deps);
  made.metrics = deps.metrics;
  return deps.make.pool(sys, lanes, std::move(made));
}

early_previews_actor make_early_previews(caf::actor_system& sys, const system_deps& deps,
                                         const early_settings& s) {
  if (s.at_once == 0)
    return {};
  early_previews_deps made;
  made.parameters = static_cast<const media::parameters&>(deps.media);
  made.make_worker = [make = make_workers(sys, deps)] {
    return make(media::worker_kind::light, lane::preview);
  };
  made.work_dir = [files = deps.store->reader()](const std::string& id) {
    return files.work_dir(id, 0).string();
  };
  return deps.make.early_previews(sys, s, std::move(made));
}

copier_actor make_copier(caf::actor_system& sys, const system_deps& deps,
                         const copier_settings& s) {
  if (deps.copy_command.empty())
    return {};
  return deps.make.copier(sys, s, {deps.copy_command, deps.newest_copy, deps.metrics});
}

dispatcher_actor make_dispatcher(caf::actor_system& sys, const system_deps& deps,
                                 const processing_settings& s, std::vector<std::string> unfinished,
                                 upload_deps for_uploads) {
  dispatcher_deps made;
  made.storage = for_uploads.storage;
  made.unfinished = std::move(unfinished);
  made.find = [files = deps.store->reader()](const std::string& id) {
    return files.find(id);
  };
  made.make_upload = [&sys, s, make = deps.make.upload, for_uploads = std::move(for_uploads)] {
    return make(sys, s, for_uploads);
  };
  return deps.make.dispatcher(sys, s, std::move(made));
}

} // namespace

struct system::parts {
  caf::actor_system* sys = nullptr;
  notifier_actor notifier;
  storage_actor storage;
  codec_pool_actor pool;
  early_previews_actor early_previews;
  dispatcher_actor dispatcher;
  sweeper_actor sweeper;
  copier_actor copier; ///< Not vital: without it, all is served.
  caf::actor watcher;
  bool is_running = false;
};

system::system(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

system::system(system&&) noexcept = default;
system& system::operator=(system&&) noexcept = default;

system::~system() {
  if (parts_)
    stop();
}

result<system> system::start(caf::actor_system& sys, settings s, system_deps deps) {
  const auto files = deps.store->reader();
  const auto range = files.events();
  if (!range)
    return fail(range.error());
  const auto unfinished = files.unfinished();
  if (!unfinished)
    return fail(unfinished.error());

  if (deps.media.sandbox.memory_bytes == 0)
    deps.media.sandbox.memory_bytes = memory_share(s.lanes, machine_memory());

  auto p = std::make_unique<parts>();
  p->sys = &sys;
  p->notifier = make_notifier(sys, deps, range->newest);
  p->storage = make_storage(sys, deps, p->notifier);
  p->pool = make_pool(sys, deps, s.lanes);
  p->early_previews = make_early_previews(sys, deps, s.early);
  upload_deps for_uploads;
  for_uploads.storage = p->storage;
  for_uploads.pool = p->pool;
  for_uploads.early_previews = p->early_previews;
  for_uploads.notifier = p->notifier;
  p->dispatcher = make_dispatcher(sys, deps, s.processing, *unfinished,
                                  make_upload_deps(sys, deps, std::move(for_uploads)));
  p->sweeper = deps.make.sweeper(sys, s.sweeper, p->storage);
  p->copier = make_copier(sys, deps, s.copier);
  std::vector<vital_actor> vital{{"storage", as_actor(p->storage)},
                                 {"notifier", as_actor(p->notifier)},
                                 {"pool", as_actor(p->pool)},
                                 {"dispatcher", as_actor(p->dispatcher)},
                                 {"sweeper", as_actor(p->sweeper)}};
  if (p->early_previews)
    vital.push_back({"early previews", as_actor(p->early_previews)});
  p->watcher = sys.spawn(watch, std::move(vital), deps.on_death);
  p->is_running = true;
  return system{std::move(p)};
}

const dispatcher_actor& system::dispatcher() const {
  return parts_->dispatcher;
}

const storage_actor& system::storage() const {
  return parts_->storage;
}

const notifier_actor& system::notifier() const {
  return parts_->notifier;
}

const codec_pool_actor& system::pool() const {
  return parts_->pool;
}

const early_previews_actor& system::early_previews() const {
  return parts_->early_previews;
}

// No limit: changes that can wait do so while uploads come fast, and an owner that dies answers.
result<storage::applied> system::apply(storage::change what) const {
  caf::scoped_actor self{*parts_->sys};
  result<storage::applied> answer = fail(errc::internal, "no answer of the storage");
  self->request(parts_->storage, caf::infinite, std::move(what))
    .receive([&](storage::applied& done) { answer = std::move(done); },
             [&](caf::error& e) { answer = fail(from_caf(e)); });
  return answer;
}

void system::take_up(const std::string& id) const {
  caf::anon_send(parts_->dispatcher, retry_atom_v, id);
}

void system::stop() {
  if (!std::exchange(parts_->is_running, false))
    return;
  caf::scoped_actor self{*parts_->sys};
  stop_and_wait(self, parts_->watcher);
  stop_and_wait(self, as_actor(parts_->copier));
  stop_and_wait(self, as_actor(parts_->sweeper));
  stop_and_wait(self, as_actor(parts_->dispatcher));
  stop_and_wait(self, as_actor(parts_->early_previews));
  stop_and_wait(self, as_actor(parts_->pool));
  stop_and_wait(self, as_actor(parts_->notifier));
  stop_and_wait(self, as_actor(parts_->storage));
  // A handle to a detached actor that has ended must not outlive the actor_system.
  parts_->storage = nullptr;
  parts_->pool = nullptr;
  parts_->early_previews = nullptr;
  parts_->dispatcher = nullptr;
  parts_->sweeper = nullptr;
  parts_->copier = nullptr;
  parts_->notifier = nullptr;
  parts_->watcher = nullptr;
}

} // namespace mediad::actors
