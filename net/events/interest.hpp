#pragma once

#include "actors/protocol.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace mediad::net::events {

/// What one subscriber wants to hear: everything of its user, or of some files, less those it has
/// unsubscribed. What belongs to no file (a notice) is always wanted.
class interest {
public:
  /// Files one subscriber may name, so that its memory and the fan-out's work stay bounded.
  static constexpr std::size_t max_files = 1'000;

  /// @param files   empty: every file.
  /// @param folder  as event_filter has it.
  interest(std::string user, const std::vector<std::string>& files, std::string folder = {})
    : user_{std::move(user)},
      folder_{std::move(folder)},
      named_(files.begin(), files.end()),
      all_{files.empty()} {}

  bool wants(const event& e) const;
  bool wants(const live_event& e) const;

  /// @returns false if max_files are named already.
  [[nodiscard]] bool subscribe(const std::string& file);
  [[nodiscard]] bool unsubscribe(const std::string& file);

  /// A filter for the notifier: all that is wanted passes, and some that is not: ask wants() again.
  event_filter filter() const;

private:
  [[nodiscard]] bool name_it(const std::string& file);

  bool wants_file(const std::string& id) const;

  std::string user_;
  std::string folder_;
  std::set<std::string> named_; ///< Those wanted; with all_ those not wanted.
  bool all_;
};

} // namespace mediad::net::events
