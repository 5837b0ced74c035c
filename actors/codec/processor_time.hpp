#pragma once

#include <chrono>
#include <sys/types.h>

namespace mediad::actors {

/// The processor time that the living processes of a group have used, but for its @p leader: of a
/// worker, those are its job's, with LibreOffice and what it has started. It reads /proc, which
/// takes some milliseconds on a busy machine. From any thread.
std::chrono::milliseconds processor_time_below(pid_t leader);

} // namespace mediad::actors
