#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>

namespace mediad::media::sandbox {

/// What a process may do below a directory, or with a file.
enum class file_access : std::uint8_t {
  read,    ///< Files and lists of names.
  execute, ///< The same, and running programs.
  listen,  ///< Making UNIX sockets and removing them, and so any file; nothing else.
  work,    ///< All but running programs, making links and devices.
};

/// A rule set of Landlock (https://docs.kernel.org/userspace-api/landlock.html): what is not
/// allowed here is forbidden once it holds. Sockets and signals to processes outside are forbidden
/// too where the kernel can.
class landlock_rules {
public:
  /// The version of the kernel's interface; 0: there is none. A sandbox needs min_abi or later.
  static int abi();
  /// Before version 2 no file could be renamed from one directory into another.
  static constexpr int min_abi = 2;

  static result<landlock_rules> make();

  /// @param path a descriptor of a directory or file; the rule holds for all below it.
  result<> allow(int path, file_access what);

  /// Holds from now on for this thread and whatever it starts, for good. Needs no_new_privs.
  result<> restrict_self() const;

private:
  landlock_rules(unique_fd fd, int abi) : fd_{std::move(fd)}, abi_{abi} {}

  unique_fd fd_;
  int abi_ = 0;
};

} // namespace mediad::media::sandbox
