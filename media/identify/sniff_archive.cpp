#include "media/identify/sniffers.hpp"

#include <array>
#include <string>
#include <zlib.h>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr std::array marks{
  known_mark{"7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
  known_mark{"Rar!\x1A\x07"sv, "application/vnd.rar"},
  known_mark{"\x1F\x8B\x08"sv, "application/gzip"},
  known_mark{"\xFD"
             "7zXZ\0"sv,
             "application/x-xz"},
  known_mark{"\x28\xB5\x2F\xFD"sv, "application/zstd"},
};

// "BZh", the block size, and then the digits of pi, or those of its square root where it is empty.
bool is_bzip2(std::string_view head) {
  return head.starts_with("BZh") && head.size() >= 10 && head[3] >= '1' && head[3] <= '9'
         && (head.substr(4, 6) == "1AY&SY"sv || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
}

// POSIX.1-1988 (ustar) and the formats before it: a header of 512 bytes that has the sum of its
// bytes at 148, in octal digits; the sum itself counts as eight spaces.
bool is_tar(std::string_view head) {
  constexpr std::size_t header_bytes = 512;
  constexpr std::size_t sum_at = 148;
  constexpr std::size_t sum_bytes = 8;
  if (head.size() < header_bytes || head.front() == '\0')
    return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < header_bytes; ++i) {
    const bool is_sum = i >= sum_at && i < sum_at + sum_bytes;
    sum += is_sum ? ' ' : static_cast<unsigned char>(head[i]);
  }
  unsigned claimed = 0;
  std::size_t digits = 0;
  for (const char c : head.substr(sum_at, sum_bytes)) {
    if (c == ' ' && digits == 0)
      continue;
    if (c < '0' || c > '7')
      break;
    claimed = claimed * 8 + static_cast<unsigned>(c - '0');
    ++digits;
  }
  return digits > 0 && claimed == sum;
}

// The first bytes of what a gzip file holds (RFC 1952); fewer or none where it is damaged.
std::string first_of_gzip(std::string_view packed) {
  constexpr std::size_t wanted_bytes = 4096;
  constexpr int with_gzip_header = 16;
  std::string bytes(wanted_bytes, '\0');
  z_stream stream{};
  if (::inflateInit2(&stream, MAX_WBITS + with_gzip_header) != Z_OK)
    return {};
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data())); // only read
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  static_cast<void>(::inflate(&stream, Z_SYNC_FLUSH));
  bytes.resize(bytes.size() - stream.avail_out);
  ::inflateEnd(&stream);
  return bytes;
}

} // namespace

std::optional<identity> sniff_archive(const file_bytes& file) {
  const auto head = file.head();
  if (head.starts_with("\x1F\x8B\x08"sv) && is_svg(first_of_gzip(head)))
    return identity{profile::image, "image/svg+xml-compressed"};
  for (const auto& known : marks)
    if (head.starts_with(known.mark))
      return identity{profile::other, std::string{known.media_type}};
  if (is_bzip2(head))
    return identity{profile::other, "application/x-bzip2"};
  if (is_tar(head))
    return identity{profile::other, "application/x-tar"};
  return std::nullopt;
}

} // namespace mediad::media
