#pragma once

#include "base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>

namespace mediad::command {

/// Answers one command. Runs on the one thread of the socket, so it is done within a second: longer
/// work is begun here and goes on elsewhere.
using admin_handler = std::function<result<nlohmann::json>(const nlohmann::json& request)>;

/// Handlers by the word after `do`.
using admin_handlers = std::map<std::string, admin_handler, std::less<>>;

/// True for root and for the user of this process.
bool is_own_or_root(uid_t peer);

struct admin_options {
  std::filesystem::path file;                 ///< The socket, see admin_socket_of.
  std::size_t max_request_bytes = 64U << 10U; ///< Bytes of a request, with the end of its line.
  std::size_t max_connections = 8;            ///< More wait in the kernel until one ends.
  std::chrono::milliseconds patience{5'000}; ///< Time from a connection's first moment to its last.
  std::function<bool(uid_t)> may_ask = is_own_or_root; ///< The peer is known by SO_PEERCRED.
};

/// The door for commands of this machine. A connection brings one line of JSON, `{"do":"status"}`,
/// and takes one, `{"answer":…}` or `{"error":{"code":…,"detail":…}}`; then it ends. The code is
/// that of an errc, or `forbidden`.
class admin_server {
public:
  /// Listens and starts the thread. The caller holds the lock of the data folder.
  /// @returns errors of listen_at.
  static result<admin_server> start(admin_options options, admin_handlers handlers);

  admin_server(admin_server&&) noexcept;
  admin_server& operator=(admin_server&&) noexcept;
  /// Ends the thread, then removes the socket.
  ~admin_server();

private:
  struct parts;
  explicit admin_server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::command
