#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/job/job.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The job protocol between the server and one `mediad-codec` process: JSON texts (see json.hpp)
/// over SOCK_SEQPACKET socketpairs, one message a packet, each at most max_packet_bytes. The
/// worker's end is its descriptor 3.
///
/// The server sends one `settings`, the worker answers with one `report` about its sandbox when it
/// is ready; then come jobs, one at a time. With each job go two descriptors (three, see
/// has_growing_input): the input, open for reading, and one end of a socketpair for this job alone,
/// over which comes one `begun` with a pidfd (pidfd_open(2)) of the process that does it, sent
/// before it sees a byte of the input, then any number of `progress` and one `done` or `failed`. So
/// nothing that a job which was taken over may send, or keep, reaches the next one, and SIGKILL to
/// the pidfd ends this job alone. A job whose process ends without an answer shows as the end of
/// its socket. Over that socket more jobs may follow, with their inputs alone (see
/// may_be_followed); closing it says that none will. Closing the worker's own socket ends the
/// worker.
namespace mediad::media {

inline constexpr std::size_t max_packet_bytes = std::size_t{128} * 1024;
inline constexpr int worker_socket_fd = 3;

/// How much of a growing input is there: one packet, exactly these bytes. If the server has already
/// dropped the job, the worker reads end-of-stream instead.
struct input_growth {
  std::uint64_t bytes = 0;
  std::uint64_t is_whole = 0; ///< 1: no more will come.
};

/// Sends one packet; blocks until the peer has room.
/// @returns errc::worker_died if the other end is gone.
result<> send_packet(int socket, std::string_view packet);

/// Waits for one packet. @returns errc::worker_died at the end of the stream.
result<std::string> receive_packet(int socket);

/// A job as it reaches the worker.
struct taken_job {
  job work;
  unique_fd input;   ///< The original, open for reading.
  unique_fd answers; ///< Socket for the answers to this job.
  unique_fd growth;  ///< Socket that input_growth comes from; none unless has_growing_input.
  unique_fd output;  ///< job::output_dir; opened by the job's process, once it is confined.
};

/// Descriptors that go with a job.
struct job_descriptors {
  int input = -1;
  int answers = -1;
  int growth = -1; ///< Only with has_growing_input.
};

/// Sends @p j with its descriptors, which stay the caller's. Errors as of send_packet.
result<> send_job(int socket, const job& j, const job_descriptors& with);

/// Waits for one job. @returns errc::worker_died at the end of the stream, errc::internal for a
///   packet that is none or comes without its descriptors.
result<taken_job> receive_job(int socket);

/// Tells that this process does the job whose answers go to @p answers. Errors as of send_packet.
result<> send_begun(int answers);

/// Waits for that. @returns a pidfd of the process; errors as of receive_job.
result<unique_fd> receive_begun(int answers);

/// Sends a job to the process that did one before, over the socket of that one's answers. Errors as
/// of send_packet.
result<> send_follower(int answers, const job& j, int input);

/// Waits for it there. Its answers go the same way. Errors as of receive_job.
result<taken_job> receive_follower(int answers);

} // namespace mediad::media
