#pragma once

#include "actors/config.hpp"
#include "actors/errors.hpp"
#include "actors/protocol.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Fakes of the actors. What a fake was told lands in a log that the test owns and that
/// outlives them: the test scheduler runs everything on the test's own thread.
namespace mediad::tests {

/// Answers every request at once, or keeps it until the test says so.
template <class Reply>
struct held_replies {
  bool hold = false;
  std::deque<caf::typed_response_promise<Reply>> waiting;

  template <class Self>
  caf::result<Reply> answer(Self* self, result<Reply> now) {
    if (!hold)
      return reply(std::move(now));
    return waiting.emplace_back(self->template make_response_promise<Reply>());
  }
};

struct storage_log {
  std::map<std::string, file_record> files;
  std::vector<status> states; ///< Every state written, in order.
  std::vector<storage::transition> transitions;
  std::vector<storage::finished_attempt> outcomes;
  std::vector<storage::new_preview> previews;
  std::vector<std::string> removed;
  unsigned wanted_profiles = 0; ///< Of the last arrival.
  std::size_t sweeps = 0;
  std::size_t credential_sweeps = 0;
  std::size_t trash_clearances = 0;
  std::optional<error> refuse; ///< If set, every request fails with it.
  std::optional<error> refuse_previews;
  held_replies<storage::applied> outcome_replies;
  std::size_t failing_group = 0; ///< So many transitions fail together, once the last one came.
  std::vector<caf::typed_response_promise<storage::applied>> group;

  result<storage::applied> write(const std::string& id, status to) {
    if (refuse)
      return fail(*refuse);
    auto& r = files[id];
    if (r.state == status::ready && to != status::ready)
      return fail(errc::conflict, "already ready");
    r.id = id;
    r.state = to;
    states.push_back(to);
    return storage::applied{r, {}, {}};
  }

  caf::typed_response_promise<storage::applied>
  join_failing_group(caf::typed_response_promise<storage::applied> one) {
    group.push_back(one);
    if (group.size() == failing_group)
      for (auto& waiting : std::exchange(group, {}))
        waiting.deliver(to_caf(fail(errc::storage_full, "test")));
    return one;
  }
};

/// What the fake storage does with each change that a test sends it.
struct fake_changer {
  using reply_type = caf::result<storage::applied>;

  storage_log& log;
  storage_actor::pointer self;

  reply_type operator()(const storage::arrival& a) const {
    auto& r = log.files[a.id];
    r.profile = a.profile;
    r.media_type = a.media_type;
    log.wanted_profiles = a.profiles;
    return reply(log.write(a.id, status::registered));
  }

  reply_type operator()(const storage::identified& i) const {
    if (log.refuse)
      return to_caf(*log.refuse);
    auto& r = log.files[i.id];
    r.profile = i.profile;
    r.media_type = i.media_type;
    return storage::applied{r, {}, {}};
  }

  reply_type operator()(const storage::transition& t) const {
    log.transitions.push_back(t);
    auto written = log.write(t.id, t.to);
    if (written)
      written->record.attempt = log.files[t.id].attempt = t.attempt;
    if (log.failing_group > 0)
      return log.join_failing_group(self->make_response_promise<storage::applied>());
    return reply(std::move(written));
  }

  reply_type operator()(const storage::new_preview& p) const {
    log.previews.push_back(p);
    if (log.refuse_previews)
      return to_caf(*log.refuse_previews);
    log.files[p.id].preview = p.preview;
    return storage::applied{log.files[p.id], {}, {}};
  }

  reply_type operator()(const storage::finished_attempt& o) const {
    log.outcomes.push_back(o);
    return log.outcome_replies.answer(self, log.write(o.id, status::ready));
  }

  reply_type operator()(const storage::removal& r) const {
    log.removed.push_back(r.id);
    return storage::applied{log.files[r.id], {}, {}};
  }

  reply_type operator()(const storage::sweep&) const {
    ++log.sweeps;
    return storage::applied{};
  }

  reply_type operator()(const storage::credential_sweep&) const {
    ++log.credential_sweeps;
    return storage::applied{};
  }

  reply_type operator()(const storage::trash_clearance& c) const {
    log.trash_clearances += c.user.empty() ? 1 : 0;
    return storage::applied{};
  }

  template <class Change>
  reply_type operator()(const Change&) const {
    return storage::applied{};
  }
};

inline storage_actor fake_storage(caf::actor_system& sys, storage_log& log) {
  return sys.spawn([&log](storage_actor::pointer self) -> storage_actor::behavior_type {
    return {
      [&log, self](const storage::change& c) {
        return std::visit(fake_changer{log, self}, c);
      },
    };
  });
}

struct notifier_log {
  std::vector<event> events;
  std::vector<live_event> live;
};

inline notifier_actor fake_notifier(caf::actor_system& sys, notifier_log& log) {
  return sys.spawn([&log](notifier_actor::pointer) -> notifier_actor::behavior_type {
    return {
      [&log](const event& e) { log.events.push_back(e); },
      [&log](const live_event& e) { log.live.push_back(e); },
      [](caf::subscribe_atom, const session_actor&, const event_filter&) {
        return std::uint64_t{0};
      },
    };
  });
}

struct session_log {
  std::vector<std::uint64_t> seqs;
  std::vector<std::string> live;
};

inline session_actor fake_session(caf::actor_system& sys, session_log& log) {
  return sys.spawn([&log](session_actor::pointer) -> session_actor::behavior_type {
    return {
      [&log](const event& e) { log.seqs.push_back(e.seq); },
      [&log](const live_event& e) { log.live.push_back(e.text); },
    };
  });
}

struct pool_log {
  std::vector<media::job> jobs;
  std::vector<lane> lanes;
  std::vector<std::string> cancelled;
  std::function<result<media::job_result>(const media::job&)> run = [](const media::job&) {
    return media::job_result{};
  };
};

inline codec_pool_actor fake_pool(caf::actor_system& sys, pool_log& log) {
  return sys.spawn([&log](codec_pool_actor::pointer) -> codec_pool_actor::behavior_type {
    return {
      [&log](run_atom, const media::job& j, lane l, const progress_sink&) {
        log.jobs.push_back(j);
        log.lanes.push_back(l);
        return reply(log.run(j));
      },
      [&log](cancel_atom, const std::string& id) { log.cancelled.push_back(id); },
    };
  });
}

struct early_log {
  std::vector<std::string> asked;
  std::function<result<media::job_result>(const std::string& id)> take = [](const std::string&) {
    return result<media::job_result>{fail(errc::not_found, "test")};
  };
};

inline early_previews_actor fake_early_previews(caf::actor_system& sys, early_log& log) {
  return sys.spawn([&log](early_previews_actor::pointer) -> early_previews_actor::behavior_type {
    return {
      [](const growth&) {},
      [&log](accept_atom, const std::string& id, std::uint64_t) {
        log.asked.push_back(id);
        return reply(log.take(id));
      },
      [](remove_atom, const std::string&) {},
    };
  });
}

struct upload_log {
  std::vector<received_body> accepted;
  std::vector<file_record> processed;
  std::vector<preview_made> previews;
  std::vector<stage_progress> progress;
  int cancels = 0;
  std::optional<error> refuse_cancel;
};

/// Answers everything and lives until the test ends it: in peace with close_atom.
using fake_upload_impl = upload_actor::extend<caf::reacts_to<caf::close_atom>>;

inline upload_actor fake_upload(caf::actor_system& sys, upload_log& log) {
  return sys.spawn([&log](fake_upload_impl::pointer self) -> fake_upload_impl::behavior_type {
    return {
      [&log](accept_atom, const received_body& body) {
        log.accepted.push_back(body);
        file_record r;
        r.id = body.id;
        return r;
      },
      [&log](process_atom, const file_record& r) {
        log.processed.push_back(r);
        return r;
      },
      [&log](const preview_made& p) {
        log.previews.push_back(p);
        return caf::ok_atom_v;
      },
      [&log](const stage_progress& p) { log.progress.push_back(p); },
      [](progress_atom) {
        return stage_progress{"id", stage::compress, 0.5};
      },
      [&log](cancel_atom) -> caf::result<file_record> {
        ++log.cancels;
        if (log.refuse_cancel)
          return to_caf(*log.refuse_cancel);
        return file_record{};
      },
      [self](caf::close_atom) { self->quit(); },
    };
  });
}

} // namespace mediad::tests
