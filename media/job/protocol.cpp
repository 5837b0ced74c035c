#include "media/job/protocol.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace mediad::media {
namespace {

// Each table is in the order of its enum, which counts from 1.
constexpr std::array<std::string_view, 5> worker_kinds{"light", "deep_image", "av", "document",
                                                       "office"};
constexpr std::array<std::string_view, 15> job_kinds{
  "identify",        "image_preview", "image_renditions", "video_preview",  "video_screenshots",
  "video_compress",  "audio_preview", "document_preview", "document_pages", "document_text",
  "archive_listing", "video_stream",  "audio_renditions", "archive",        "early_preview"};

// The pictures that the light worker reads; of camera raw files it takes the preview.
constexpr std::array<std::string_view, 16> own_images{
  "image/jpeg",        "image/png",           "image/webp",          "image/gif",
  "image/avif",        "image/heic",          "image/x-canon-cr2",   "image/x-canon-cr3",
  "image/x-adobe-dng", "image/x-nikon-nef",   "image/x-sony-arw",    "image/x-pentax-pef",
  "image/x-fuji-raf",  "image/x-olympus-orf", "image/x-samsung-srw", "image/x-panasonic-rw2"};

template <class Enum, std::size_t N>
std::optional<Enum> value_of(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (words.at(i) == word)
      return static_cast<Enum>(i + 1);
  return std::nullopt;
}

bool peer_is_gone(int error_number) {
  return error_number == EPIPE || error_number == ECONNRESET || error_number == ENOTCONN;
}

} // namespace

std::string_view to_string(worker_kind kind) {
  return worker_kinds.at(static_cast<std::size_t>(kind) - 1);
}

std::string_view to_string(job_kind kind) {
  return job_kinds.at(static_cast<std::size_t>(kind) - 1);
}

std::optional<worker_kind> parse_worker_kind(std::string_view word) {
  return value_of<worker_kind>(worker_kinds, word);
}

std::optional<job_kind> parse_job_kind(std::string_view word) {
  return value_of<job_kind>(job_kinds, word);
}

bool is_archive_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 8> types{
    "application/zip",     "application/x-tar", "application/x-7z-compressed",
    "application/vnd.rar", "application/gzip",  "application/x-bzip2",
    "application/x-xz",    "application/zstd"};
  return std::find(types.begin(), types.end(), media_type) != types.end();
}

bool is_office_type(std::string_view media_type) {
  constexpr std::array<std::string_view, 7> beginnings{
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/rtf",
    "text/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint"};
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](auto beginning) { return media_type.starts_with(beginning); });
}

worker_kind worker_for(job_kind kind, std::string_view media_type) {
  switch (kind) {
  case job_kind::identify:
  case job_kind::archive:
  case job_kind::early_preview: return worker_kind::light;
  case job_kind::image_preview:
  case job_kind::image_renditions: {
    const bool own_reader =
      std::find(own_images.begin(), own_images.end(), media_type) != own_images.end();
    return own_reader ? worker_kind::light : worker_kind::deep_image;
  }
  case job_kind::video_preview:
  case job_kind::video_screenshots:
  case job_kind::video_compress:
  case job_kind::video_stream:
  case job_kind::audio_renditions:
  case job_kind::audio_preview: return worker_kind::av;
  case job_kind::archive_listing: return worker_kind::document;
  case job_kind::document_preview:
  case job_kind::document_pages:
  case job_kind::document_text:
    return is_office_type(media_type) ? worker_kind::office : worker_kind::document;
  }
  return worker_kind::light;
}

namespace {

constexpr std::string_view begun = R"({"begun":true})";

/// As many as job_descriptors has.
using descriptor_numbers = std::array<int, 3>;

/// Room for one control message, aligned as the kernel wants it (cmsg(3)).
struct alignas(cmsghdr) control_room {
  std::array<char, CMSG_SPACE(sizeof(descriptor_numbers))> bytes{};
};

struct received_packet {
  std::string text;
  std::array<unique_fd, std::tuple_size_v<descriptor_numbers>> descriptors;
};

result<> send_message(int socket, const msghdr& message) {
  for (;;) {
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0)
      return {}; // a SOCK_SEQPACKET socket takes a packet whole or not at all
    if (errno == EINTR)
      continue;
    if (peer_is_gone(errno))
      return fail(errc::worker_died, "send: the other end has closed its socket");
    return fail_errno(errno, "send");
  }
}

// What does not fit into the room the kernel has closed again (MSG_CTRUNC).
void take_descriptors(const msghdr& message, received_packet& into) {
  const auto* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
    return;
  descriptor_numbers numbers{};
  const auto count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  std::memcpy(numbers.data(), CMSG_DATA(head), count * sizeof(int));
  for (std::size_t i = 0; i < count; ++i)
    into.descriptors.at(i) = unique_fd{numbers.at(i)};
}

/// Waits for a packet, and leaves it there. Room for the largest one would be 32 pages to clear.
result<std::size_t> next_length(int socket) {
  for (;;) {
    const auto n = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0 || (n < 0 && peer_is_gone(errno)))
      return fail(errc::worker_died, "the other end has closed its socket");
    if (n < 0)
      return fail_errno(errno, "recv");
    if (static_cast<std::size_t>(n) > max_packet_bytes)
      return fail(errc::internal, "a packet of " + std::to_string(n) + " bytes");
    return static_cast<std::size_t>(n);
  }
}

result<received_packet> receive(int socket) {
  const auto expected = next_length(socket);
  if (!expected)
    return fail(expected.error());
  received_packet packet;
  packet.text.resize(*expected);
  control_room room;
  iovec text{packet.text.data(), packet.text.size()};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  for (;;) {
    message.msg_control = room.bytes.data();
    message.msg_controllen = room.bytes.size();
    // MSG_TRUNC: the packet's true length, even if it is longer than there is room for.
    const auto n = ::recvmsg(socket, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0 || (n < 0 && peer_is_gone(errno)))
      return fail(errc::worker_died, "the other end has closed its socket");
    if (n < 0)
      return fail_errno(errno, "recv");
    take_descriptors(message, packet);
    const auto length = static_cast<std::size_t>(n);
    if (length > packet.text.size())
      return fail(errc::internal, "a packet of " + std::to_string(length) + " bytes");
    packet.text.resize(length);
    return packet;
  }
}

result<> send_with(int socket, std::string_view packet, std::span<char> control) {
  if (packet.size() > max_packet_bytes)
    return fail(errc::internal, "a packet of " + std::to_string(packet.size()) + " bytes");
  iovec text{const_cast<char*>(packet.data()), packet.size()}; // sendmsg only reads it
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  if (!control.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  return send_message(socket, message);
}

} // namespace

result<> send_packet(int socket, std::string_view packet) {
  return send_with(socket, packet, std::span<char>{});
}

result<std::string> receive_packet(int socket) {
  auto packet = receive(socket);
  if (!packet)
    return fail(packet.error());
  return std::move(packet->text);
}

namespace {

result<> send_with(int socket, std::string_view packet, std::span<const int> numbers) {
  const auto size = numbers.size_bytes();
  control_room room;
  cmsghdr head{};
  head.cmsg_level = SOL_SOCKET;
  head.cmsg_type = SCM_RIGHTS;
  head.cmsg_len = CMSG_LEN(size);
  std::memcpy(room.bytes.data(), &head, sizeof head);
  std::memcpy(room.bytes.data() + CMSG_LEN(0), numbers.data(), size);
  return send_with(socket, packet, std::span<char>{room.bytes.data(), CMSG_SPACE(size)});
}

result<taken_job> receive_any(int socket) {
  auto packet = receive(socket);
  if (!packet)
    return fail(packet.error());
  auto work = decode_job(packet->text);
  if (!work)
    return fail(work.error());
  auto& [input, answers, growth] = packet->descriptors;
  if (input)
    work->input = "/proc/self/fd/" + std::to_string(input.get());
  return taken_job{std::move(*work), std::move(input), std::move(answers), std::move(growth)};
}

} // namespace

result<> send_job(int socket, const job& j, const job_descriptors& with) {
  const descriptor_numbers numbers{with.input, with.answers, with.growth};
  const auto count = has_growing_input(j.kind) ? numbers.size() : numbers.size() - 1;
  return send_with(socket, encode(j), std::span{numbers}.first(count));
}

result<taken_job> receive_job(int socket) {
  auto taken = receive_any(socket);
  if (taken
      && (!taken->input || !taken->answers
          || static_cast<bool>(taken->growth) != has_growing_input(taken->work.kind)))
    return fail(errc::internal, "a job came without its descriptors");
  return taken;
}

result<> send_begun(int answers) {
  // Not by its name: Debian 12's <sys/pidfd.h> declares that as a C++ function.
  const unique_fd self{static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0))};
  if (!self)
    return fail_errno(errno, "pidfd_open");
  const int number = self.get();
  return send_with(answers, begun, std::span<const int>{&number, 1});
}

result<unique_fd> receive_begun(int answers) {
  auto packet = receive(answers);
  if (!packet)
    return fail(packet.error());
  if (packet->text != begun || !packet->descriptors[0])
    return fail(errc::internal, "a job did not say that it has begun");
  return std::move(packet->descriptors[0]);
}

result<> send_follower(int answers, const job& j, int input) {
  return send_with(answers, encode(j), std::span<const int>{&input, 1});
}

result<taken_job> receive_follower(int answers) {
  auto taken = receive_any(answers);
  if (taken && (!taken->input || taken->answers || !may_be_followed(taken->work.kind)))
    return fail(errc::internal, "a job that cannot follow another");
  return taken;
}

} // namespace mediad::media
