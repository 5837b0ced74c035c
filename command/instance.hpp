#pragma once

#include "base/error.hpp"
#include "config/settings.hpp"
#include "storage/view.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mediad::command {

/// The worker program, where the build and the packages put it: beside this one.
std::filesystem::path worker_program();

/// One whole server, from the store to the open port. `serve` runs one, `doctor` a small one.
class instance {
public:
  /// Opens the store, spawns the actors, listens: in this order.
  /// @param s         `storage.root` may be relative; it counts from the working directory.
  /// @param on_death  called at most once, from another thread, when a part died that everything
  ///                  rests on (`who`); the process should then stop and end with a failure.
  static result<instance> start(config::settings s,
                                std::function<void(const std::string& who)> on_death);

  instance(instance&&) noexcept;
  instance& operator=(instance&&) noexcept;
  ~instance();

  /// `127.0.0.1:8080`, with the port that was really bound: the first of all.
  std::string address() const;
  /// All addresses, as net::server::urls() tells them.
  const std::vector<std::string>& urls() const;

  /// Reads again what may change while it runs: certificate and key. Says in the log how it went.
  void reload();

  storage::view files() const;

  /// Connections first, actors then, the store last; waits for each.
  void stop();

private:
  struct parts;
  explicit instance(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::command
