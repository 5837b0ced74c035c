#pragma once

#include "actors/errors.hpp"
#include "actors/protocol.hpp"
#include "storage/view.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// One fake per interface that the HTTP side talks to. They run on CAF's threads, so what a test
/// sets and reads is behind a mutex.
namespace mediad::tests {

template <class T>
class guarded {
public:
  template <class F>
  auto with(F&& use) {
    const std::lock_guard lock{mutex_};
    return std::forward<F>(use)(value_);
  }

private:
  std::mutex mutex_;
  T value_;
};

struct dispatcher_script {
  std::optional<errc> refuse_admission;
  std::optional<errc> refuse_accept;
  int accepts_before_refusal = 0;
  std::optional<stage_progress> progress;
  std::vector<std::string> removed;
  std::vector<std::string> asked_for; ///< Users for whom admission was asked.
  std::vector<std::string> bodies_of; ///< Owners of the bodies that were handed over.
};

/// Has @p store apply a change; the promise is the record after it.
inline caf::typed_response_promise<file_record>
apply_for(dispatcher_actor::pointer self, const storage_actor& store, storage::change what) {
  auto promise = self->make_response_promise<file_record>();
  self->request(store, caf::infinite, std::move(what))
    .then([promise](storage::applied& done) mutable { promise.deliver(std::move(done.record)); },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
  return promise;
}

/// Registers what it is given with the real storage, as an image of no particular kind, and
/// processes nothing.
inline dispatcher_actor fake_dispatcher(caf::actor_system& sys, storage_actor storage,
                                        std::shared_ptr<guarded<dispatcher_script>> script) {
  using pointer = dispatcher_actor::pointer;
  const auto run = [](pointer self, const storage_actor& store,
                      const std::shared_ptr<guarded<dispatcher_script>>& told) {
    const auto refused_accept = [told] {
      return told->with([](dispatcher_script& s) -> std::optional<errc> {
        return s.refuse_accept && s.accepts_before_refusal-- <= 0 ? s.refuse_accept : std::nullopt;
      });
    };
    return dispatcher_actor::behavior_type{
      [told](admit_atom, const std::string& user) -> caf::result<caf::ok_atom> {
        told->with([&user](auto& s) { s.asked_for.push_back(user); });
        if (const auto e = told->with([](auto& s) { return s.refuse_admission; }))
          return to_caf(fail(*e, "told to"));
        return caf::ok_atom_v;
      },
      [=](accept_atom, const received_body& body) -> caf::result<file_record> {
        told->with([&body](auto& s) { s.bodies_of.push_back(body.user); });
        if (const auto e = refused_accept())
          return to_caf(fail(*e, "told to"));
        storage::arrival a;
        a.id = body.id;
        a.bytes = body.bytes;
        a.sha256 = body.sha256;
        a.profile = profile::image; // one whose preview may yet come
        a.media_type = "application/octet-stream";
        a.profiles = body.profiles;
        a.fresh = body.fresh;
        a.replaces_stored = body.replaces_stored;
        return apply_for(self, store, a);
      },
      [told](progress_atom, const std::string&) -> caf::result<stage_progress> {
        if (auto p = told->with([](auto& s) { return s.progress; }))
          return *p;
        return to_caf(fail(errc::not_found, "idle"));
      },
      [=](cancel_atom, const std::string& id) -> caf::result<file_record> {
        storage::transition t;
        t.id = id;
        t.to = status::cancelled;
        return apply_for(self, store, t);
      },
      [](retry_atom, const std::string&) -> caf::result<file_record> {
        return to_caf(fail(errc::conflict, "never failed"));
      },
      [=](remove_atom, const std::string& id) -> caf::result<file_record> {
        told->with([&id](auto& s) { s.removed.push_back(id); });
        return apply_for(self, store, storage::removal{id});
      },
    };
  };
  return sys.spawn(run, std::move(storage), std::move(script));
}

struct mute_state {
  mute_state() = default;
  std::vector<caf::typed_response_promise<caf::ok_atom>> kept;
};

/// A dispatcher that never answers whether an upload is admitted.
inline dispatcher_actor mute_dispatcher(caf::actor_system& sys) {
  using pointer = dispatcher_actor::stateful_pointer<mute_state>;
  return sys.spawn([](pointer self) -> dispatcher_actor::behavior_type {
    const auto refuse = [] {
      return to_caf(fail(errc::internal, "mute"));
    };
    return {
      [self](admit_atom, const std::string&) -> caf::result<caf::ok_atom> {
        return self->state.kept.emplace_back(self->make_response_promise<caf::ok_atom>());
      },
      [=](accept_atom, const received_body&) -> caf::result<file_record> { return refuse(); },
      [=](progress_atom, const std::string&) -> caf::result<stage_progress> { return refuse(); },
      [=](cancel_atom, const std::string&) -> caf::result<file_record> { return refuse(); },
      [=](retry_atom, const std::string&) -> caf::result<file_record> { return refuse(); },
      [=](remove_atom, const std::string&) -> caf::result<file_record> { return refuse(); },
    };
  });
}

} // namespace mediad::tests
