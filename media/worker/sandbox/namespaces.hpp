#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <filesystem>

namespace mediad::media::sandbox {

/// Which namespaces of its own this process has got (namespaces(7)).
struct own_namespaces {
  bool network = false;   ///< It has no way out: not even a loopback that is up.
  bool processes = false; ///< This is the first process: when it ends, all others are killed.
};

/// Moves this process into new user, network, IPC and process namespaces, as far as the system lets
/// us, with no signal handlers set up yet and only one thread. For process namespaces it forks:
/// this call returns in the child, while the parent waits for it, ends when it ends, and passes its
/// status on.
/// @param socket closed in the parent: the other end must see when the child is gone.
/// @returns errors only of what must work; namespaces that cannot be had are just not reported.
result<own_namespaces> enter_namespaces(int socket);

/// Gives this process a mount namespace in which /tmp is @p dir: some programs insist on writing
/// there. @returns false if the system does not allow it; then /tmp is unchanged.
bool mount_as_tmp(const std::filesystem::path& dir);

/// Makes the caller the first process of one more process namespace: all that it starts ends with
/// it. As enter_namespaces(), this returns in the child of a fork. @returns false if the system
/// does not allow it.
bool enter_process_namespace();

/// Gives this process a mount namespace in which /tmp is empty and in memory.
/// @param max_bytes that /tmp may hold.
/// @returns the directory; it lives as long as this descriptor, or a process that has it as /tmp.
result<unique_fd> mount_empty_tmp(std::uint64_t max_bytes);

/// Undoes mount_empty_tmp for this process alone: its children keep theirs.
result<> leave_tmp();

} // namespace mediad::media::sandbox
