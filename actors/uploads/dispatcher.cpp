#include "actors/uploads/dispatcher.hpp"

#include "actors/errors.hpp"
#include "actors/uploads/failures.hpp"
#include "base/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace mediad::actors {
namespace {

struct supervised {
  upload_actor upload;
  bool is_rebuilt = false;
};

struct dispatcher_state {
  static inline const char* name = "dispatcher";

  dispatcher_state() = default;

  // Supervisors do not outlive the dispatcher, which watches them.
  ~dispatcher_state() {
    for (const auto& entry : uploads)
      caf::anon_send_exit(entry.second.upload, caf::exit_reason::user_shutdown);
  }

  dispatcher_actor::pointer self = nullptr;
  processing_settings settings;
  dispatcher_deps deps;
  std::size_t recovered = 0; ///< How many of deps.unfinished have been taken up.
  std::unordered_map<std::string, supervised> uploads;
  std::unordered_map<caf::actor_addr, std::string> ids; ///< Ids of uploads by their supervisor.

  /// After a restore of the database they may be far more than clients can leave behind: then the
  /// others follow as these end, and half of the backlog stays for new uploads.
  void recover() {
    const auto at_once = std::max<std::size_t>(settings.max_backlog / 2, 1);
    while (recovered < deps.unfinished.size() && uploads.size() < at_once)
      take_up(deps.unfinished[recovered++], false);
  }

  void take_up(const std::string& id, bool is_rebuilt) {
    auto record = deps.find(id);
    if (!record && record.error().code == errc::not_found)
      return; // Its user has removed it meanwhile.
    if (!record)
      return log::error(id, record.error());
    if (is_terminal(record->state) || uploads.count(id) != 0)
      return;
    const auto upload = supervise(id, is_rebuilt);
    self->request(upload, caf::infinite, process_atom_v, *record)
      .then([](const file_record&) {}, [id](const caf::error& e) { log::error(id, from_caf(e)); });
  }

  upload_actor supervise(const std::string& id, bool is_rebuilt) {
    auto upload = deps.make_upload();
    self->monitor(upload);
    uploads[id] = {upload, is_rebuilt};
    ids[upload.address()] = id;
    return upload;
  }

  caf::result<caf::ok_atom> admit() const {
    if (uploads.size() >= settings.max_backlog)
      return to_caf(fail(errc::busy, std::to_string(uploads.size()) + " unfinished files"));
    return caf::ok_atom_v;
  }

  caf::result<file_record> accept(const received_body& body) {
    if (uploads.count(body.id) != 0)
      return reply(deps.find(body.id));
    return self->delegate(supervise(body.id, false), accept_atom_v, body);
  }

  caf::result<stage_progress> progress(const std::string& id) {
    const auto known = uploads.find(id);
    if (known == uploads.end())
      return to_caf(fail(errc::not_found, "not being processed"));
    return self->delegate(known->second.upload, progress_atom_v);
  }

  caf::result<file_record> cancel(const std::string& id) {
    const auto known = uploads.find(id);
    if (known == uploads.end())
      return to_caf(fail(errc::conflict, "not being processed"));
    return self->delegate(known->second.upload, cancel_atom_v);
  }

  caf::result<file_record> retry(const std::string& id) {
    auto record = deps.find(id);
    if (!record)
      return to_caf(record.error());
    // Registered without a supervisor: an inspection has found that its results were lost.
    const bool may_begin = record->state == status::failed || record->state == status::cancelled
                           || record->state == status::registered;
    if (!may_begin || uploads.count(id) != 0)
      return to_caf(fail(errc::conflict, "not failed or cancelled"));
    return self->delegate(supervise(id, false), process_atom_v, *record);
  }

  // First stop, then remove: a supervisor must not publish files of a record that is gone.
  caf::result<file_record> remove(const std::string& id) {
    auto promise = self->make_response_promise<file_record>();
    auto go_on = [this, promise, id]() mutable {
      self->request(deps.storage, settings.storage_timeout, storage::change{storage::removal{id}})
        .then(
          [promise](storage::applied& gone) mutable { promise.deliver(std::move(gone.record)); },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
    };
    const auto known = uploads.find(id);
    if (known == uploads.end()) {
      go_on();
      return promise;
    }
    // Whether it was stopped, or had just finished by itself: it is over now.
    self->request(known->second.upload, settings.storage_timeout, cancel_atom_v)
      .then([go_on](const file_record&) mutable { go_on(); },
            [go_on](const caf::error&) mutable { go_on(); });
    return promise;
  }

  void upload_ended(const caf::down_msg& down) {
    const auto known = ids.extract(down.source);
    if (known.empty())
      return;
    const auto id = known.mapped();
    const auto was_rebuilt = uploads.extract(id).mapped().is_rebuilt;
    if (down.reason && down.reason != caf::exit_reason::normal) {
      log::error(id, "the supervisor died: " + caf::to_string(down.reason));
      if (was_rebuilt)
        fail_for_good(id);
      else
        take_up(id, true);
    }
    recover();
  }

  void fail_for_good(const std::string& id) {
    storage::transition t;
    t.id = id;
    t.to = status::failed;
    if (const auto record = deps.find(id))
      t.attempt = record->attempt;
    t.failure = reason_for(errc::internal);
    self->request(deps.storage, settings.storage_timeout, storage::change{t})
      .then([](const storage::applied&) {},
            [id](const caf::error& e) { log::error(id, from_caf(e)); });
  }
};

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self, processing_settings settings,
           dispatcher_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.settings = settings;
  state.deps = std::move(deps);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.upload_ended(down); });
  state.recover();
  return {
    [self](admit_atom) { return self->state.admit(); },
    [self](accept_atom, const received_body& body) { return self->state.accept(body); },
    [self](progress_atom, const std::string& id) { return self->state.progress(id); },
    [self](cancel_atom, const std::string& id) { return self->state.cancel(id); },
    [self](retry_atom, const std::string& id) { return self->state.retry(id); },
    [self](remove_atom, const std::string& id) { return self->state.remove(id); },
  };
}

} // namespace

dispatcher_actor spawn_dispatcher(caf::actor_system& sys, processing_settings settings,
                                  dispatcher_deps deps) {
  return sys.spawn(dispatcher, settings, std::move(deps));
}

} // namespace mediad::actors
