#pragma once

#include "actors/codec/turns.hpp"
#include "actors/codec/worker.hpp"
#include "actors/protocol.hpp"

#include <caf/actor_clock.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>

/// What the pool knows of one lane: the jobs that wait, and the workers with those under way. No
/// messages: pool.cpp sends them.
namespace mediad::actors {

using job_promise = caf::typed_response_promise<media::job_result>;

struct waiting_job {
  media::job what;
  progress_sink sink;
  job_promise promise;
};

/// One worker; busy while it has a `ticket`.
struct slot {
  using time_point = caf::actor_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  media::worker_kind kind = media::worker_kind::light;
  codec_worker worker;
  turns::ticket ticket = 0; ///< Of the job that it has, in its lane's turns.
  std::string file_id;      ///< Of that job, as what follows.
  std::string user;
  std::uint64_t number = 0; ///< Number of the job this worker runs.
  turns::length lasts = turns::length::brief;
  job_promise promise;
  milliseconds paid{0};          ///< What its user has paid for it when it began or went on.
  milliseconds rivals_before{0}; ///< lane_state::had_rivals() then.
  milliseconds ran_before{0};    ///< By the clock, before it was stopped the last time.
  time_point running_since;      ///< When it began or went on.
  bool may_stop = false;         ///< A long encode.
  bool is_stopped = false;       ///< It has been interrupted: its process stands still.
  bool is_cancelled = false;
  bool is_out_of_time = false;
  bool is_open = true; ///< Its process may be running.
  time_point idle_since;

  bool is_busy() const {
    return ticket != 0;
  }
  /// How long its job has run by the clock. While it was stopped does not count.
  milliseconds ran(time_point now) const;
};

struct lane_state {
  using slots_type = std::list<slot>; ///< A list: running jobs hold iterators into it.

  lane_state(lane l, turns::cost quantum) : which{l}, order{quantum} {}

  lane which;
  std::uint32_t max_running = 1;
  std::chrono::milliseconds deadline{0};
  std::uint32_t running = 0; ///< Jobs that take up a place: those that are stopped do not.
  std::uint32_t stopped = 0;
  bool looks_again = false; ///< Whose turn it is is looked at again in a moment.
  turns order;
  std::map<turns::ticket, waiting_job> waiting;
  slots_type slots;
  std::chrono::milliseconds rivals{0};            ///< As had_rivals(), until they last changed.
  std::optional<slot::time_point> rivals_since{}; ///< Empty: there are none.

  /// For how long in all the jobs of one user have kept another's waiting.
  std::chrono::milliseconds had_rivals(slot::time_point now) const;
  /// Called after every change.
  void count_rivals(slot::time_point now);
  /// What is left of what the user has paid for a running job; below 0: it takes longer. Only the
  /// time counts for which it kept others waiting: what a user does alone is owed to nobody.
  std::chrono::milliseconds left(const slot& s, slot::time_point now) const;

  /// Jobs that wait to begin, and to go on.
  void add(waiting_job job);
  /// Drops what waits of a file. @returns it.
  std::list<waiting_job> drop(const std::string& file_id);

  slots_type::iterator find(turns::ticket t);
  /// The idle worker of this kind that has been so the longest: one that has just finished may
  /// still be forking its next process. The end if there is none.
  slots_type::iterator longest_idle(media::worker_kind kind);
  /// A running job that has to stop because short ones of others go before it. The end if none has.
  slots_type::iterator find_passed(slot::time_point now);

  /// Another lasting job may begin: never more are under way, stopped ones among them, than may
  /// run.
  bool may_begin_lasting() const;
  bool has_stoppable() const;
  /// The first workers of each kind in the preview lane stay: for those a visitor waits.
  bool keeps_warm(const slot& s, std::uint32_t warm_offices) const;

  /// The slot gets a job that was taken from `order` and has a number.
  void begin(slot& s, turns::ticket t, const waiting_job& job, slot::time_point now);
  /// Each tells the worker, and counts.
  void stop(slot& s, slot::time_point now);
  /// @param has_turn  it was taken from `order`; else it goes on for another reason.
  void go_on(slot& s, slot::time_point now, bool has_turn);
  void end(slot& s, slot::time_point now);
};

/// How a job fares beside others, by what it is and its estimated cost.
turns::length length_of(const media::job& j);

/// Whether a job may be stopped for a while. Sound and video only: they watch no clock, and what
/// they have open stays as it is.
bool may_be_stopped(const media::job& j, lane l);

} // namespace mediad::actors
