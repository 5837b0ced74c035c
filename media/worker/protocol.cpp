#include "media/worker/protocol.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <vector>

namespace mediad::media {
namespace {

// Each table is in the order of its enum, which counts from 1.
constexpr std::array<std::string_view, 4> worker_kinds{"light", "deep_image", "av", "document"};
constexpr std::array<std::string_view, 11> job_kinds{
  "identify",          "image_preview",  "image_renditions", "video_preview",
  "video_screenshots", "video_compress", "audio_preview",    "document_preview",
  "document_pages",    "document_text",  "archive"};

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

worker_kind worker_for(job_kind kind, std::string_view media_type) {
  switch (kind) {
  case job_kind::identify:
  case job_kind::archive: return worker_kind::light;
  case job_kind::image_preview:
  case job_kind::image_renditions: {
    const bool own_reader =
      media_type == "image/jpeg" || media_type == "image/png" || media_type == "image/webp";
    return own_reader ? worker_kind::light : worker_kind::deep_image;
  }
  case job_kind::video_preview:
  case job_kind::video_screenshots:
  case job_kind::video_compress:
  case job_kind::audio_preview: return worker_kind::av;
  case job_kind::document_preview:
  case job_kind::document_pages:
  case job_kind::document_text: return worker_kind::document;
  }
  return worker_kind::light;
}

result<> send_packet(int socket, std::string_view packet) {
  if (packet.size() > max_packet_bytes)
    return fail(errc::internal, "a packet of " + std::to_string(packet.size()) + " bytes");
  for (;;) {
    if (::send(socket, packet.data(), packet.size(), MSG_NOSIGNAL) >= 0)
      return {}; // a SOCK_SEQPACKET socket takes a packet whole or not at all
    if (errno == EINTR)
      continue;
    if (peer_is_gone(errno))
      return fail(errc::worker_died, "send: the other end has closed its socket");
    return fail_errno(errno, "send");
  }
}

result<std::string> receive_packet(int socket) {
  std::string packet(max_packet_bytes, '\0');
  for (;;) {
    // MSG_TRUNC: the packet's true length, even if it is longer than there is room for.
    const auto n = ::recv(socket, packet.data(), packet.size(), MSG_TRUNC);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0 || (n < 0 && peer_is_gone(errno)))
      return fail(errc::worker_died, "the other end has closed its socket");
    if (n < 0)
      return fail_errno(errno, "recv");
    const auto length = static_cast<std::size_t>(n);
    if (length > packet.size())
      return fail(errc::internal, "a packet of " + std::to_string(length) + " bytes");
    packet.resize(length);
    return packet;
  }
}

} // namespace mediad::media
