#include "media/job/packets.hpp"

#include "base/process.hpp"
#include "media/job/json.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::string_view begun = R"({"begun":true})";

bool peer_is_gone(int error_number) {
  return error_number == EPIPE || error_number == ECONNRESET || error_number == ENOTCONN;
}

/// The descriptors of job_descriptors as one array.
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

// Descriptors that do not fit into the room have been closed by the kernel (MSG_CTRUNC).
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

/// Waits for a packet, leaves it in the socket and returns its length. Receiving without it would
/// take a buffer for the largest packet: 32 pages to clear.
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
  return taken_job{std::move(*work), std::move(input), std::move(answers), std::move(growth), {}};
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
  const auto self = open_pidfd(::getpid());
  if (!self)
    return fail(self.error());
  const int number = self->get();
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
