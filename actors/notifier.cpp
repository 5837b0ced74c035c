#include "actors/notifier.hpp"

#include "actors/errors.hpp"
#include "base/event_json.hpp"
#include "base/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/make_message.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace mediad::actors {
namespace {

constexpr std::size_t page = 256;

struct subscriber {
  session_actor session;
  event_filter filter;
};

struct notifier_state {
  static inline const char* name = "notifier";

  notifier_state() = default;

  notifier_actor::pointer self = nullptr;
  notifier_deps deps;
  std::uint64_t last = 0; ///< Number of the newest event fanned out.
  std::vector<subscriber> subscribers;

  void publish(const event& e) {
    if (e.seq <= last)
      return;
    if (e.seq > last + 1)
      catch_up(e.seq);
    fan_out(e);
    last = e.seq;
  }

  // The storage owner sends every event, so a skipped number means that one was lost on the way:
  // the log still has it.
  void catch_up(std::uint64_t until) {
    while (last + 1 < until) {
      const auto missed = deps.events_after(last, page);
      if (!missed)
        return log::error("notifier", missed.error());
      for (const auto& e : *missed) {
        if (e.seq >= until)
          return;
        fan_out(e);
        last = e.seq;
      }
      if (missed->empty())
        return; // trimmed from the log meanwhile
    }
  }

  /// Makes the frame once for all sessions, and only if one of them hears the event.
  event told(event e) const {
    if (e.text.empty())
      e.text = frame_of(e, deps.base_path);
    return e;
  }
  static const live_event& told(const live_event& e) {
    return e;
  }

  template <class Event>
  void fan_out(const Event& what) {
    // One message for all: its content is shared, not copied, between the mailboxes.
    caf::message content;
    for (const auto& s : subscribers) {
      if (!s.filter.wants(what))
        continue;
      if (content.empty())
        content = caf::make_message(told(what));
      caf::actor_cast<caf::strong_actor_ptr>(s.session)->enqueue(
        self->ctrl(), caf::make_message_id(), content, self->context());
    }
  }

  std::uint64_t subscribe(const session_actor& session, event_filter filter) {
    const auto known = find(session.address());
    if (known != subscribers.end()) {
      known->filter = std::move(filter);
    } else {
      self->monitor(session);
      subscribers.push_back({session, std::move(filter)});
    }
    return last;
  }

  void forget(const caf::actor_addr& session) {
    const auto known = find(session);
    if (known != subscribers.end())
      subscribers.erase(known);
  }

  std::vector<subscriber>::iterator find(const caf::actor_addr& session) {
    return std::find_if(subscribers.begin(), subscribers.end(),
                        [&](const subscriber& s) { return s.session.address() == session; });
  }
};

notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<notifier_state> self,
                                       notifier_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.last = deps.newest;
  state.deps = std::move(deps);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.forget(down.source); });
  return {
    [self](const event& e) { self->state.publish(e); },
    [self](const live_event& e) { self->state.fan_out(e); },
    [self](caf::subscribe_atom, const session_actor& session, event_filter& filter) {
      return self->state.subscribe(session, std::move(filter));
    },
  };
}

} // namespace

notifier_actor spawn_notifier(caf::actor_system& sys, notifier_deps deps) {
  return sys.spawn(notifier, std::move(deps));
}

} // namespace mediad::actors
