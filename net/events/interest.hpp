#pragma once

#include "actors/protocol.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace mediad::net::events {

/// What a subscriber may hear beside what is about files.
struct beside_files {
  bool notices = true;
  bool shares = true;
};

/// What one subscriber wants to hear: everything of its user, or of some files, less those it has
/// unsubscribed. Notices are wanted beside both, what is about shares only by those who want
/// everything.
class interest {
public:
  /// Files one subscriber may name, so that its memory and the fan-out's work stay bounded.
  static constexpr std::size_t max_files = 1'000;

  /// @param files   empty: every file.
  /// @param folder  as event_filter has it.
  interest(std::string user, const std::vector<std::string>& files, std::string folder = {},
           beside_files more = {})
    : user_{std::move(user)},
      folder_{std::move(folder)},
      named_(files.begin(), files.end()),
      all_{files.empty()},
      more_{more} {}

  bool wants(const event& e) const;
  bool wants(const live_event& e) const;

  /// @returns false if max_files are named already.
  [[nodiscard]] bool subscribe(const std::string& file);
  [[nodiscard]] bool unsubscribe(const std::string& file);

  /// A filter for the notifier: all that is wanted passes, and some that is not: ask wants() again.
  event_filter filter() const;

private:
  bool wants_file(const std::string& id) const;
  [[nodiscard]] bool name_it(const std::string& file);

  std::string user_;
  std::string folder_;
  std::set<std::string> named_; ///< Those wanted; with all_ those not wanted.
  bool all_;
  beside_files more_;
};

} // namespace mediad::net::events
