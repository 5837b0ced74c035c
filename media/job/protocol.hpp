#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/record.hpp"
#include "base/types.hpp"
#include "media/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The job protocol between the server and one `mediad-codec` process: the only thing of media/
/// that actors/ may know. JSON texts over SOCK_SEQPACKET socketpairs, one message a packet,
/// each at most max_packet_bytes. The worker's end is its descriptor 3.
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

/// Which libraries a worker process loads; one program, `mediad-codec --kind <kind>`.
enum class worker_kind : std::uint8_t { light = 1, deep_image, av, document, office };

/// What a worker can be asked to do. Each writes its files into job::output_dir.
enum class job_kind : std::uint8_t {
  identify = 1,      ///< light: profile, media type and first facts of the input. No files.
  image_preview,     ///< light or deep_image: `preview.webp`, thumbhash, width/height/orientation.
  image_renditions,  ///< light or deep_image: the ladder as `w<width>.jpg` …, `animation.webp`.
  video_preview,     ///< av: `preview.webp`, thumbhash, the video's facts.
  video_screenshots, ///< av: `poster.jpg`, `still-1.jpg` …, `sprite.jpg` with `sprite.vtt`,
                     ///< `motion.webp`.
  video_compress,    ///< av: `video.mp4`, with progress.
  audio_preview,     ///< av: `preview.webp` (waveform), thumbhash, the audio's facts.
  document_preview,  ///< document or office: `preview.webp` of the first page, thumbhash.
  document_pages,    ///< document or office: `page-1.webp` …, office: `document.pdf`; page count.
  document_text,     ///< document or office: `text.txt`.
  archive_listing,   ///< document: `listing.json` of an archive that was uploaded, entries.
  video_stream,      ///< av: `hls-<side>.mp4`, `hls-<side>.m3u8`, `hls.m3u8` if they are wanted.
  audio_renditions,  ///< av: `audio.m4a` or `audio.webm`, `waveform.json`, the loudness.
  archive,           ///< light: `archive.zip` of the input under its real name and job::members.
  early_preview,     ///< light: identify and image_preview at once, of a file whose bytes are only
                     ///< arriving; errc::unsupported_media for one that has to be there first.
};

/// Whether a job's input may grow while the job runs. Such a job has a third descriptor: one end of
/// a socketpair over which it hears of it.
constexpr bool has_growing_input(job_kind kind) {
  return kind == job_kind::early_preview;
}

/// Whether the process that has done such a job may be given more of the kind. They must be of
/// files of one owner: whoever took the process over could answer wrongly for those that follow.
constexpr bool may_be_followed(job_kind kind) {
  return kind == job_kind::identify;
}

/// How much of a growing input is there: one packet, exactly these bytes. Whoever takes a job up
/// that its server has forgotten finds the end of the stream instead.
struct input_growth {
  std::uint64_t bytes = 0;
  std::uint64_t is_whole = 0; ///< 1: no more will come.
};

std::string_view to_string(worker_kind kind);
std::string_view to_string(job_kind kind);
std::optional<worker_kind> parse_worker_kind(std::string_view word);
std::optional<job_kind> parse_job_kind(std::string_view word);

/// Whether an archive_listing can be made of files of this type.
bool is_archive_type(std::string_view media_type);

/// Whether LibreOffice reads files of this type.
bool is_office_type(std::string_view media_type);

/// The worker that can do @p kind for a file of @p media_type (light decodes JPEG, PNG, WebP,
/// GIF, AVIF and HEIC itself; deep_image is OpenImageIO's; office is document with LibreOffice).
worker_kind worker_for(job_kind kind, std::string_view media_type);

/// One job for one attempt at one file.
struct job {
  std::uint64_t number = 0; ///< Rises from 1 with each job that one worker is given; not sent.
  std::string file_id;
  std::string owner; ///< Whose the file is, for may_be_followed; not sent. Empty: nobody knows.
  job_kind kind = job_kind::identify;
  std::string input;      ///< Absolute path of the original; read only.
  std::string output_dir; ///< Absolute path; exists and belongs to this attempt alone. Empty: none.
  std::string name;       ///< The client's name of the file: data, for archives and titles.
  std::string media_type; ///< As identify found it.
  std::string sha256;     ///< archive: of the input, for the manifest.
  std::vector<made_file> members; ///< archive: files in output_dir, in order.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, job& x) {
    return f(x.number, x.file_id, x.owner, x.kind, x.input, x.output_dir, x.name, x.media_type,
             x.sha256, x.members);
  }
};

/// What a finished job found and made. A worker may have been taken over by what it decoded:
/// whoever publishes these files checks every name and size again.
struct job_result {
  profile kind = profile::other; ///< identify; video_preview too, which may find sound only.
  std::string media_type;        ///< identify only.
  std::string media = "{}";      ///< JSON object, merged into the record's `media`.
  std::string thumbhash;         ///< Previews only, Base64.
  std::vector<made_file> files;  ///< In output_dir; the worker's main fills in bytes and sha256.
  std::vector<splice> splices;   ///< archive only: what was not copied into it.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, job_result& x) {
    return f(x.kind, x.media_type, x.media, x.thumbhash, x.files, x.splices);
  }
};

/// How far the running job is, 0..1.
struct job_progress {
  double fraction = 0;
};

/// Which parts of its sandbox a worker has; what is missing, the kernel or the system denies it.
struct sandbox_report {
  bool no_new_privileges = false;
  bool resource_limits = false; ///< Memory, processor time, sizes of files, open files.
  bool seccomp = false;         ///< Only listed system calls; no sockets, no tracing.
  int landlock = 0;             ///< Only listed files; the kernel's version of it, 0: none.
  bool network = false;         ///< A network namespace that leads nowhere.
  bool processes = false;       ///< A process namespace: nothing outlives the worker.

  bool is_complete() const {
    return no_new_privileges && resource_limits && seccomp && landlock > 0 && network && processes;
  }
};

/// The parts that are there, or that are missing, as a list of words: `seccomp, landlock 7`.
std::string describe_parts(const sandbox_report& report);
std::string describe_missing(const sandbox_report& report);

using from_worker = std::variant<job_progress, job_result, error>;

std::string encode(const settings& s);
std::string encode(const job& j);
std::string encode(const from_worker& answer);
std::string encode(const sandbox_report& report);

/// Each refuses what its encode would not have written: errc::internal, naming the member.
result<settings> decode_settings(std::string_view packet);
result<job> decode_job(std::string_view packet);
result<from_worker> decode_answer(std::string_view packet);
result<sandbox_report> decode_report(std::string_view packet);

/// Sends one packet; blocks until the peer has room.
/// @returns errc::worker_died if the other end is gone.
result<> send_packet(int socket, std::string_view packet);

/// Waits for one packet. @returns errc::worker_died at the end of the stream.
result<std::string> receive_packet(int socket);

/// A job as it reaches the worker.
struct taken_job {
  job work;          ///< job::input names the descriptor now (/proc/self/fd/N), not the file.
  unique_fd input;   ///< Open for reading.
  unique_fd answers; ///< Where the answers to this job go.
  unique_fd growth;  ///< Where input_growth comes from; none unless has_growing_input.
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
