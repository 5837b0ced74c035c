#pragma once

#include "base/audit.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mediad::net {

/// Notes what people do, in the log at once, and in the storage some at a time: flush() hands them
/// on. A server that is killed may lose what it noted since. From any thread.
class audit_log {
public:
  using clock = std::chrono::steady_clock;
  using keeper = std::function<void(std::vector<audit_row>)>;

  /// Passwords that were refused are kept together for so long, so that guessing costs no commit
  /// each.
  static constexpr std::chrono::minutes refusals_wait{1};
  static constexpr std::size_t max_refused = 1'000; ///< Kinds, each of what, about and address.

  /// @param keep  has rows stored, some time.
  explicit audit_log(keeper keep, std::function<clock::time_point()> now = clock::now)
    : keep_{std::move(keep)}, now_{std::move(now)} {}

  void note(audit_row row);
  /// A client has given a wrong password.
  /// @param about  the name of a user that there is; empty for any other, for it may be a password
  ///               that was typed in the wrong place. Of a share its id.
  void note_refused(audit_act what, const std::string& about, const std::string& address);

  /// Has stored what has been noted: refusals only once they have waited, or if @p all.
  void flush(bool all = false);

private:
  using refusal = std::tuple<audit_act, std::string, std::string>; ///< What, about, address.

  keeper keep_;
  std::function<clock::time_point()> now_;
  std::mutex mutex_;
  std::vector<audit_row> rows_;
  std::map<refusal, std::uint64_t> refused_; ///< How often each has come.
  clock::time_point first_refused_;
};

} // namespace mediad::net
