#pragma once

#include "base/error.hpp"

#include <filesystem>

namespace mediad::media {

/// Which namespaces of its own this process has got (namespaces(7)).
struct own_namespaces {
  bool network = false;   ///< With no way out: not even a loopback that is up.
  bool processes = false; ///< It is their first process: when it ends, all others are killed.
};

/// Moves on into new user, network, IPC and process namespaces, as far as the system lets us, with
/// no signal handlers set up yet and only one thread. For process namespaces it forks: this call
/// returns in the child, while the parent waits for it, ends when it ends, and passes its status
/// on.
/// @param socket closed in the parent: the other end must see when the child is gone.
/// @returns errors only of what must work; namespaces that cannot be had are just not reported.
result<own_namespaces> enter_namespaces(int socket);

/// Gives this process a mount namespace in which /tmp is @p dir: some programs insist on writing
/// there. @returns false where that cannot be had; /tmp is what it was then.
bool mount_as_tmp(const std::filesystem::path& dir);

} // namespace mediad::media
