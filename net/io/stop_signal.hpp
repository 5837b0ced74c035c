#pragma once

#include <functional>
#include <list>
#include <utility>

namespace mediad::net {

/// Tells what runs on one I/O thread that the server stops. Belongs to that thread alone.
class stop_signal {
  using listeners = std::list<std::function<void()>>;

public:
  /// Keeps a listener registered as long as it lives; it must not outlive the signal.
  class watch {
  public:
    watch(watch&& other) noexcept : all_{std::exchange(other.all_, nullptr)}, mine_{other.mine_} {}
    watch& operator=(watch&&) = delete;
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    ~watch() {
      if (all_ != nullptr)
        all_->erase(mine_);
    }

  private:
    friend class stop_signal;
    watch(listeners& all, listeners::iterator mine) : all_{&all}, mine_{mine} {}
    listeners* all_;
    listeners::iterator mine_;
  };

  bool raised() const {
    return raised_;
  }

  /// @param listener  called once, on the I/O thread. It must not destroy a watch, so it cancels a
  ///                  timer or shuts a socket and leaves the rest to the coroutine that wakes up.
  ///                  Never called if the signal was raised before: ask raised() first.
  [[nodiscard]] watch on_stop(std::function<void()> listener) {
    listeners_.push_back(std::move(listener));
    return {listeners_, std::prev(listeners_.end())};
  }

  void raise() {
    if (std::exchange(raised_, true))
      return;
    for (auto& listener : listeners_)
      listener();
  }

private:
  bool raised_ = false;
  listeners listeners_;
};

} // namespace mediad::net
