#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <filesystem>

/// Names of UNIX sockets in the file system. `sockaddr_un` holds 107 bytes; a data folder may lie
/// deeper: then its open descriptor stands in for it (`/proc/self/fd/7/admin.sock`).
namespace mediad::command {

/// Where a running server takes commands.
std::filesystem::path admin_socket_of(const std::filesystem::path& root);

/// A listening socket at @p file, not blocking, with mode 0600 from its first moment on. It takes
/// the place of a socket that a killed server has left: the caller must hold the lock of the data
/// folder, so that no other server can be behind it.
/// @returns storage_io, with the file's name, if it cannot be made or something else is there.
result<unique_fd> listen_at(const std::filesystem::path& file, int backlog);

/// A socket connected to the server behind @p file; it blocks, for five seconds at most each time.
/// @returns not_found if no server listens there, conflict if this user may not ask it.
result<unique_fd> connect_to(const std::filesystem::path& file);

} // namespace mediad::command
