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
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace mediad::actors {
namespace {

struct supervised {
  upload_actor upload;
  std::string user; ///< Id.
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
  std::size_t looked_at = 0; ///< How many of deps.unfinished.
  /// Of those, the ones that have not been taken up, by user, each oldest first.
  std::map<std::string, std::deque<std::string>> left_over;
  std::unordered_map<std::string, supervised> uploads;
  std::unordered_map<caf::actor_addr, std::string> ids; ///< Ids of uploads by their supervisor.
  std::map<std::string, std::size_t> at_work;           ///< How many of uploads each user has.

  /// After a restore of the database they may be far more than clients can leave behind: then the
  /// others follow as these end, and half of the backlog stays for new uploads.
  void recover() {
    const auto at_once = std::max<std::size_t>(settings.max_backlog / 2, 1);
    while (uploads.size() < at_once)
      if (const auto next = next_left_over(); !next.empty())
        take_up(next, false);
      else
        return;
  }

  // Of the user who has the fewest at work, so that none waits behind all of another's. Not all are
  // looked at at once: a start does not take the time of what is stored.
  std::string next_left_over() {
    const auto ahead = looked_at + (left_over.empty() ? 4 * settings.max_backlog : 0);
    for (; looked_at < std::min(ahead, deps.unfinished.size()); ++looked_at) {
      const auto record = deps.find(deps.unfinished[looked_at]);
      left_over[record ? record->user : std::string{}].push_back(deps.unfinished[looked_at]);
    }
    const auto next =
      std::min_element(left_over.begin(), left_over.end(), [this](const auto& a, const auto& b) {
        return count_of(a.first) < count_of(b.first);
      });
    if (next == left_over.end())
      return {};
    auto id = std::move(next->second.front());
    next->second.pop_front();
    if (next->second.empty())
      left_over.erase(next);
    return id;
  }

  void take_up(const std::string& id, bool is_rebuilt) {
    auto record = deps.find(id);
    if (!record && record.error().code == errc::not_found)
      return; // Its user has removed it meanwhile.
    if (!record)
      return log::error(id, record.error());
    if (is_terminal(record->state) || uploads.count(id) != 0)
      return;
    const auto upload = supervise(id, record->user, is_rebuilt);
    self->request(upload, caf::infinite, process_atom_v, *record)
      .then([](const file_record&) {}, [id](const caf::error& e) { log::error(id, from_caf(e)); });
  }

  upload_actor supervise(const std::string& id, const std::string& user, bool is_rebuilt) {
    auto upload = deps.make_upload();
    self->monitor(upload);
    uploads[id] = {upload, user, is_rebuilt};
    ids[upload.address()] = id;
    ++at_work[user];
    return upload;
  }

  std::size_t count_of(const std::string& user) const {
    const auto known = at_work.find(user);
    return known == at_work.end() ? 0 : known->second;
  }

  // A user who has less than an equal share is never refused because of others. So there are never
  // more than the limit times 1 + 1/2 + ... + 1/n of n users.
  caf::result<caf::ok_atom> admit(const std::string& user) const {
    const auto own = count_of(user);
    const auto users = at_work.size() + (own == 0 ? 1 : 0);
    const auto share = std::max<std::size_t>(settings.max_backlog / users, 1);
    if (uploads.size() >= settings.max_backlog && own >= share)
      return to_caf(fail(errc::busy, std::to_string(uploads.size()) + " unfinished files, "
                                       + std::to_string(own) + " of this user"));
    return caf::ok_atom_v;
  }

  caf::result<file_record> accept(const received_body& body) {
    if (uploads.count(body.id) != 0)
      return reply(deps.find(body.id));
    return self->delegate(supervise(body.id, body.user, false), accept_atom_v, body);
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
    return self->delegate(supervise(id, record->user, false), process_atom_v, *record);
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
    const auto ended = std::move(uploads.extract(id).mapped());
    const auto was_rebuilt = ended.is_rebuilt;
    if (const auto count = at_work.find(ended.user); --count->second == 0)
      at_work.erase(count);
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
    [self](admit_atom, const std::string& user) { return self->state.admit(user); },
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
