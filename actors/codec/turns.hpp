#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <optional>
#include <string>

namespace mediad::actors {

/// Which of the jobs that wait in a lane is the next: users take turns by deficit round robin
/// (Shreedhar and Varghese, 1995) over the estimated cost of their jobs.
///
/// Each user with jobs has a credit. A round gives each of them a quantum; jobs are paid from it,
/// and the last one may exceed it: what is owed is paid by the rounds that follow. A round ends
/// when none who has jobs waiting has credit left. A user who comes new gets a quantum at once and
/// goes before all others: so a few small jobs never wait for another user's many. Credit is not
/// kept beyond a quantum, nor by a user who had nothing to do when a round began.
///
/// Of one user's jobs those that finish a file go first, the others in their order. An interrupted
/// job goes on in the place that it had.
class turns {
public:
  using ticket = std::uint64_t;
  using cost = std::chrono::milliseconds;

  /// How a job fares beside others.
  enum class length : std::uint8_t {
    finishing, ///< Short, and the last one of its file.
    brief,     ///< Short: it may interrupt a long one of another user.
    lasting    ///< Long: only as many are begun as the owner of the queue allows.
  };

  struct claim {
    std::string user; ///< Id.
    cost wanted{1};   ///< At least 1 ms counts.
    length lasts = length::brief;
  };

  /// @param quantum  what a user may use up in one round; more than 0.
  explicit turns(cost quantum);

  /// Lets a job wait. @returns its name here, unlike all before.
  ticket add(const claim& c);

  struct limits {
    /// Else of the lasting jobs only those that were interrupted.
    bool begin_lasting = true;
    std::size_t run_of_one_user = std::numeric_limits<std::size_t>::max(); ///< At least 1.
  };

  /// The job whose turn it is; its user pays for it. Nothing if none waits that may run.
  std::optional<ticket> take(const limits& may);

  /// A job that take() gave has ended, and @p left of its cost was not used; below 0: it took more.
  void end(const std::string& user, cost left);

  /// A job that take() gave is interrupted, and waits to go on.
  /// @param left  of its cost; below 0: it took more.
  void interrupt(ticket t, const std::string& user, cost left);

  /// An interrupted job goes on although it is not its turn.
  void go_on(ticket t, const std::string& user);

  /// A job that waits, and was not begun, is not wanted any more.
  void drop(ticket t, const std::string& user);

  /// Whether a short job of another user waits that goes before what this user is doing.
  /// @param left  of the cost of what the user's running jobs have paid for, or owe.
  bool is_passed(const std::string& user, cost left);

  /// How many wait, the interrupted ones among them.
  std::size_t waiting() const {
    return waiting_;
  }

  /// Whether one user's jobs keep another's waiting, or may do so soon: two have jobs, and one
  /// waits.
  bool has_rivals() const;

private:
  struct entry {
    ticket name = 0;
    cost wanted{0};
  };
  struct member {
    std::string user;
    cost credit{0};
    std::size_t running = 0;
    std::array<std::deque<entry>, 3> jobs; ///< By length.
    std::deque<entry> interrupted;

    bool is_idle() const;
    bool has_short() const;
  };

  member& member_of(const std::string& user);
  static std::deque<entry>* first_of(member& m, bool may_begin_lasting);
  ticket pay(member& m, std::deque<entry>& from);
  void begin_rounds(cost most);
  void drop_from(std::deque<entry>& q, ticket t);
  void forget_idle();

  cost quantum_;
  std::list<member> ring_; ///< In the order of their turns.
  ticket newest_ = 0;
  std::size_t waiting_ = 0;
};

} // namespace mediad::actors
