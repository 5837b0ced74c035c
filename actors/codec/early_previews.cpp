#include "actors/codec/early_previews.hpp"

#include "actors/errors.hpp"
#include "base/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <utility>

namespace mediad::actors {
namespace {

using early_previews_impl = early_previews_actor::extend<caf::reacts_to<caf::tick_atom>>;
using job_promise = caf::typed_response_promise<media::job_result>;
using time_point = caf::actor_clock::time_point;

/// One worker.
struct slot {
  codec_worker worker;
  bool is_busy = false;
  std::string user;    ///< Whose file it has, or had last.
  bool is_open = true; ///< Its process may be running.
  time_point idle_since;
};

/// One file that arrives.
struct arriving {
  std::uint64_t number = 0; ///< Unlike its id, never used again.
  std::string user;         ///< Id of its owner.
  std::uint64_t bytes = 0;
  time_point changed_at; ///< When it grew, or was asked for.
  slot* at = nullptr;    ///< Null once the worker has answered.
  std::optional<media::job_result> made;
  job_promise asker;
};

using files = std::map<std::string, arriving>;

struct early_previews_state {
  static inline const char* name = "early_previews";

  early_previews_state() = default;

  ~early_previews_state() {
    for (auto& s : slots) {
      caf::anon_send_exit(s.worker.actor, caf::exit_reason::user_shutdown);
      s.worker.kill();
    }
  }

  early_previews_impl::pointer self = nullptr;
  early_settings settings;
  early_previews_deps deps;
  std::list<slot> slots; ///< A list: files point into it.
  files known;
  std::uint64_t begun = 0;
  std::string first_user;
  bool has_several_users = false; ///< Since the start: then none takes all places.

  void open() {
    if (settings.at_once > 0)
      self->send(add_slot().worker.actor, caf::open_atom_v);
    look_again_later();
  }

  void look_again_later() {
    self->delayed_send(self, std::min(settings.patience, settings.finish_limit) / 2,
                       caf::tick_atom_v);
  }

  slot& add_slot() {
    auto& s = slots.emplace_back();
    s.worker = deps.make_worker();
    s.idle_since = self->clock().now();
    return s;
  }

  // -- while it arrives ------------------------------------------------------------------------

  void grow(const growth& grown) {
    auto file = known.find(grown.id);
    if (file == known.end()) {
      if (grown.from == 0)
        begin(grown);
      return;
    }
    if (grown.from != file->second.bytes)
      return give_up(file, errc::cancelled, "other bytes came than before");
    file->second.bytes = grown.to;
    file->second.changed_at = self->clock().now();
    if (file->second.at != nullptr && !file->second.at->worker.growth->tell(grown.to, false))
      log::debug(grown.id, "the early preview lags behind");
  }

  void begin(const growth& grown) {
    if (first_user.empty())
      first_user = grown.user;
    has_several_users = has_several_users || grown.user != first_user;
    auto* const free = may_begin(grown.user) ? free_slot() : nullptr;
    if (free == nullptr)
      return;
    free->is_busy = true;
    free->user = grown.user;
    free->is_open = true;
    free->worker.growth->begin();
    static_cast<void>(free->worker.growth->tell(grown.to, false)); // the worker reads later
    arriving file;
    file.number = ++begun;
    file.user = grown.user;
    file.bytes = grown.to;
    file.changed_at = self->clock().now();
    file.at = free;
    known.emplace(grown.id, std::move(file));
    run(grown.id, begun, *free);
  }

  // The last free worker is kept for a user who has none, and no user has more than an equal share.
  // Files that are done and wait for their last bytes need no worker, but memory: at most half of
  // them are one user's.
  bool may_begin(const std::string& user) const {
    constexpr std::size_t max_files_per_slot = 16;
    const auto most = settings.at_once * max_files_per_slot;
    if (known.size() >= most || !has_several_users)
      return known.size() < most;
    const auto own_files = static_cast<std::size_t>(std::count_if(
      known.begin(), known.end(), [&](const auto& file) { return file.second.user == user; }));
    std::map<std::string, std::size_t> busy; // workers, by user
    std::size_t all_busy = 0;
    for (const auto& s : slots)
      if (s.is_busy) {
        ++busy[s.user];
        ++all_busy;
      }
    const auto own = busy[user];
    const auto share = (settings.at_once + busy.size() - 1) / busy.size();
    const bool leaves_one = own == 0 || all_busy + 1 < settings.at_once;
    return own_files < std::max<std::size_t>(most / 2, 1) && own < share && leaves_one;
  }

  slot* free_slot() {
    const auto free = std::find_if(slots.begin(), slots.end(), [](auto& s) { return !s.is_busy; });
    if (free != slots.end())
      return &*free;
    return slots.size() < settings.at_once ? &add_slot() : nullptr;
  }

  void run(const std::string& id, std::uint64_t number, slot& where) {
    media::job j;
    j.number = number;
    j.file_id = id;
    j.kind = media::job_kind::early_preview;
    j.output_dir = deps.work_dir(id);
    j.media_type = "image/jpeg";
    j.parameters = deps.parameters;
    self->request(where.worker.actor, settings.deadline, run_atom_v, j, progress_sink{})
      .then(
        [this, id, number, &where](media::job_result& made) {
          leave(where);
          keep(id, number, std::move(made));
        },
        [this, id, number, &where](const caf::error& e) {
          const auto why = from_caf(e);
          if (why.code == errc::timeout)
            where.worker.kill();
          leave(where);
          if (auto file = find(id, number); file != known.end())
            forget(file, why);
        });
  }

  void leave(slot& s) {
    s.is_busy = false;
    s.idle_since = self->clock().now();
  }

  files::iterator find(const std::string& id, std::uint64_t number) {
    const auto file = known.find(id);
    return file != known.end() && file->second.number == number ? file : known.end();
  }

  // -- when it is there ------------------------------------------------------------------------

  void keep(const std::string& id, std::uint64_t number, media::job_result made) {
    const auto file = find(id, number);
    if (file == known.end())
      return;
    file->second.at = nullptr;
    if (!file->second.asker.pending()) {
      file->second.made = std::move(made);
      return;
    }
    file->second.asker.deliver(std::move(made));
    known.erase(file);
  }

  caf::result<media::job_result> take(const std::string& id, std::uint64_t bytes) {
    const auto file = known.find(id);
    if (file == known.end())
      return to_caf(fail(errc::not_found, "no early preview"));
    auto& f = file->second;
    if (f.bytes != bytes || (f.at != nullptr && !f.at->worker.growth->tell(bytes, true))) {
      give_up(file, errc::cancelled, "its bytes are not those that were seen");
      return to_caf(fail(errc::not_found, "no early preview of these bytes"));
    }
    if (f.made) {
      auto made = std::move(*f.made);
      known.erase(file);
      return made;
    }
    f.asker = self->make_response_promise<media::job_result>();
    f.changed_at = self->clock().now();
    return f.asker;
  }

  // -- when it is not --------------------------------------------------------------------------

  void give_up(files::iterator file, errc code, const std::string& why) {
    if (file->second.at != nullptr)
      file->second.at->worker.end_job(file->second.number);
    forget(file, fail(code, why));
  }

  void forget(files::iterator file, const error& why) {
    log::debug(file->first, "no early preview: " + to_string(why.code) + ": " + why.detail);
    auto asker = std::move(file->second.asker);
    known.erase(file);
    if (asker.pending())
      asker.deliver(to_caf(why));
  }

  void drop_stale() {
    const auto now = self->clock().now();
    for (auto file = known.begin(); file != known.end();) {
      const auto one = file++;
      const bool is_asked_for = one->second.asker.pending();
      const auto limit = is_asked_for ? settings.finish_limit : settings.patience;
      if (now - one->second.changed_at >= limit)
        give_up(one, errc::timeout, is_asked_for ? "not finished in time" : "nothing more came");
    }
    for (auto& s : slots)
      if (&s != &slots.front() && s.is_open && !s.is_busy
          && now - s.idle_since >= settings.idle_timeout) {
        s.is_open = false;
        self->send(s.worker.actor, caf::close_atom_v);
      }
    look_again_later();
  }
};

early_previews_impl::behavior_type
early_previews(early_previews_impl::stateful_pointer<early_previews_state> self,
               early_settings settings, early_previews_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.settings = settings;
  state.deps = std::move(deps);
  state.open();
  return {
    [self](const growth& grown) { self->state.grow(grown); },
    [self](accept_atom, const std::string& id, std::uint64_t bytes) {
      return self->state.take(id, bytes);
    },
    [self](remove_atom, const std::string& id) {
      if (const auto file = self->state.known.find(id); file != self->state.known.end())
        self->state.give_up(file, errc::cancelled, "the file will not come");
    },
    [self](caf::tick_atom) { self->state.drop_stale(); },
  };
}

} // namespace

early_previews_actor spawn_early_previews(caf::actor_system& sys, early_settings settings,
                                          early_previews_deps deps) {
  return sys.spawn(early_previews, settings, std::move(deps));
}

} // namespace mediad::actors
