#pragma once

#include <map>
#include <string>

/// What an attacker who has taken over a job would try.
namespace mediad::tests {

struct targets {
  std::string input;        ///< The job's own input.
  std::string work_folder;  ///< The job's own folder.
  std::string another_file; ///< A file of another job.
  std::string outside;      ///< A name in a folder of others.
  std::string unix_socket;  ///< Path of a socket that is listened on.
};

/// Tries what does no harm if it succeeds.
/// @returns by the attempt's name: 0, it succeeded; otherwise the errno.
std::map<std::string, int> try_harmless(const targets& at);

/// Tries what would: attacks on the parent, and on the limits of memory, files and descriptors.
std::map<std::string, int> try_harmful(const targets& at);

} // namespace mediad::tests
