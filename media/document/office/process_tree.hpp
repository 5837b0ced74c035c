#pragma once

#include <chrono>
#include <sys/types.h>
#include <vector>

/// The processes below this one: LibreOffice is several.
namespace mediad::media::office {

/// The children of all threads of @p process (proc(5)).
std::vector<pid_t> children_of(pid_t process);

/// False in a sandbox: there /proc cannot be read, or has the numbers of another namespace.
bool can_look_up_processes();

/// The processor time that the living processes below this one have used. In a sandbox, those of
/// its process namespace, which is one job's.
std::chrono::milliseconds processor_time_below();

} // namespace mediad::media::office
