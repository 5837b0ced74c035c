#include "media/image/readers/heic_growing_reader.hpp"

#include "media/bytes/boxes.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

namespace mediad::media {
namespace {

// The server makes no early preview of a larger file (net/uploads/early_preview.cpp), and the items
// of a sound file are not larger than the file.
constexpr std::uint64_t max_invented_bytes = std::uint64_t{256} << 20U;

growing_heic_reader& self(void* data) {
  return *static_cast<growing_heic_reader*>(data);
}

} // namespace

// libheif 1.18 and later (Debian 13) have functions for version 2 besides, which stay empty.
const heif_reader& growing_heic_reader::functions() {
  static const heif_reader all = [] {
    heif_reader made{};
    made.reader_api_version = 1;
    made.get_position = [](void* data) {
      return static_cast<std::int64_t>(self(data).position_);
    };
    made.read = [](void* into, std::size_t count, void* data) {
      return self(data).read(into, count);
    };
    made.seek = [](std::int64_t to, void* data) {
      if (to < 0)
        return 1;
      self(data).position_ = static_cast<std::uint64_t>(to);
      return 0;
    };
    made.wait_for_file_size = [](std::int64_t size, void* data) {
      return self(data).wait_for(size);
    };
    return made;
  }();
  return all;
}

// libheif goes from box to box until one is not there, and asks for all of each: the pictures in
// `mdat`, too. If it is told that nothing follows the `meta` box, it reads what that box names.
heif_reader_grow_status growing_heic_reader::wait_for(std::int64_t size) {
  look_for_meta();
  const auto wanted = static_cast<std::uint64_t>(size);
  if (size < 0)
    return heif_reader_grow_status_size_beyond_eof;
  if (now_ == phase::boxes && end_of_meta_ > 0 && wanted > end_of_meta_) {
    if (looks_for_end(wanted))
      return heif_reader_grow_status_size_beyond_eof;
    now_ = phase::items;
  }
  const bool is_there = now_ == phase::items && wanted > end_of_meta_
                          ? wanted - end_of_meta_ <= max_invented_bytes
                          : wanted == 0 || input_.wait_beyond(wanted - 1) >= wanted;
  return is_there ? heif_reader_grow_status_size_reached : heif_reader_grow_status_size_beyond_eof;
}

// Up to libheif 1.18 one answer is enough. Later ones want 1,024 bytes first, then what the head of
// a box can have, and if that is not there, they halve until they know how much is.
bool growing_heic_reader::looks_for_end(std::uint64_t wanted) {
  constexpr std::uint32_t halving = 0x01130000; // 1.19
  constexpr std::uint64_t max_head_bytes = 32;
  if (heif_get_version_number() < halving)
    return !std::exchange(has_met_end_, true);
  return position_ < end_of_meta_ || wanted <= end_of_meta_ + max_head_bytes;
}

void growing_heic_reader::look_for_meta() {
  if (!std::exchange(has_looked_, true))
    end_of_meta_ = find_end_of_meta();
}

// When libheif opens a file, it copies every item, be it Exif or the whole picture, for callers
// that ask for metadata. We ask for Exif at most, so it gets zeros for the others, and no byte of
// them is waited for. To decode a picture libheif reads that once more.
int growing_heic_reader::read(void* into, std::size_t count) {
  if (is_of_no_use(position_, count)) {
    invented_bytes_ += count;
    if (invented_bytes_ > max_invented_bytes)
      return 1;
    std::memset(into, 0, count);
    position_ += count;
    return 0;
  }
  auto* to = static_cast<char*>(into);
  while (count > 0) {
    const auto n = input_.read_at(position_, to, count);
    if (n <= 0)
      return 1;
    position_ += static_cast<std::uint64_t>(n);
    to += n;
    count -= static_cast<std::size_t>(n);
  }
  return 0;
}

std::string growing_heic_reader::beginning() {
  constexpr std::uint64_t max_bytes = 1U << 20U;
  look_for_meta();
  std::string bytes(std::min(end_of_meta_, max_bytes), '\0');
  const auto before = std::exchange(position_, 0);
  const bool is_read = read(bytes.data(), bytes.size()) == 0;
  position_ = before;
  return is_read ? bytes : std::string{};
}

std::uint64_t growing_heic_reader::find_end_of_meta() {
  constexpr int max_boxes = 64;
  const auto before = position_;
  std::uint64_t at = 0;
  std::uint64_t end = 0;
  for (int boxes = 0; boxes < max_boxes && end == 0; ++boxes) {
    std::array<char, max_box_header_bytes> bytes{};
    position_ = at;
    if (read(bytes.data(), bytes.size()) != 0)
      break;
    const auto header = parse_box_header({bytes.data(), bytes.size()});
    if (!header || header->bytes == 0 || header->bytes > std::numeric_limits<std::uint32_t>::max())
      break;
    at += header->bytes;
    if (header->type == "meta")
      end = at;
  }
  position_ = before;
  return end;
}

} // namespace mediad::media
