#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace mediad::net {

/// How often a client at an address was wrong about the password of a name: it waits longer each
/// time. A name is never locked for other addresses, so that an attacker cannot lock it for its
/// owner. From any thread.
class guesses {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::size_t free_tries = 5; ///< People mistype.
  static constexpr std::chrono::seconds longest_wait{900};
  static constexpr std::size_t max_pairs = 10'000; ///< Those that rested longest are forgotten.

  explicit guesses(std::function<clock::time_point()> now = clock::now) : now_{std::move(now)} {}

  /// How long this pair must wait before it may try; zero: not at all.
  std::chrono::seconds wait_of(const std::string& name, const std::string& address) const;
  void was_wrong(const std::string& name, const std::string& address);
  void was_right(const std::string& name, const std::string& address);

private:
  struct record {
    std::size_t wrong = 0;
    clock::time_point last;
  };
  using pair = std::pair<std::string, std::string>;

  static pair pair_of(const std::string& name, const std::string& address);
  static std::chrono::seconds wait_after(std::size_t wrong);
  void forget_some();

  std::function<clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::map<pair, record> pairs_;
};

} // namespace mediad::net
