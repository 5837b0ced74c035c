#include "media/encode/kept_exif.hpp"

#include "media/bytes/exif.hpp"
#include "media/bytes/tiff_bytes.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace mediad::media {
namespace {

// CIPA DC-008 (Exif 2.32), 4.6.
constexpr unsigned exif_directory_tag = 0x8769;
constexpr unsigned gps_directory_tag = 0x8825;
constexpr auto entry_bytes = tiff_bytes::entry_bytes;

struct entry {
  unsigned tag = 0;
  unsigned type = 0;
  std::uint32_t count = 0;
  std::vector<std::uint8_t> value;
};
using directory = std::vector<entry>;

std::size_t size_of_type(unsigned type) {
  constexpr std::array<std::size_t, 11> bytes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8};
  return type < bytes.size() ? bytes.at(type) : 0;
}

std::optional<entry> read_entry(const tiff_bytes& tiff, const tiff_entry& from) {
  constexpr std::size_t max_value_bytes = 1024;
  const auto unit = size_of_type(from.type);
  if (unit == 0 || from.count == 0 || from.count > max_value_bytes / unit)
    return std::nullopt;
  const auto bytes = unit * from.count;
  const auto value = tiff.part(bytes <= 4 ? from.value_at : tiff.u32(from.value_at), bytes);
  if (value.empty())
    return std::nullopt;
  return entry{from.tag, from.type, from.count, {value.begin(), value.end()}};
}

template <class Wanted>
directory read_directory(const tiff_bytes& tiff, std::size_t at, Wanted wanted) {
  directory found;
  if (at != 0)
    tiff.each_entry(at, [&](const tiff_entry& from) {
      if (!wanted(from.tag))
        return;
      if (auto read = read_entry(tiff, from))
        found.push_back(std::move(*read));
    });
  return found;
}

class exif_writer {
public:
  explicit exif_writer(bool big_endian) : big_endian_{big_endian} {
    const auto letter = static_cast<std::uint8_t>(big_endian ? 'M' : 'I');
    bytes_ = {letter, letter};
    put(42, 2);
    put(8, 4); // where the first directory is
  }

  static std::size_t size_of(const directory& d) {
    std::size_t bytes = 2 + d.size() * entry_bytes + 4;
    for (const auto& e : d)
      bytes += beyond_entry(e);
    return bytes;
  }
  std::size_t end() const {
    return bytes_.size();
  }
  entry pointer(unsigned tag, std::size_t to) const {
    entry e{tag, tiff_bytes::long_type, 1, std::vector<std::uint8_t>(4)};
    for (std::size_t i = 0; i < 4; ++i)
      e.value[big_endian_ ? 3 - i : i] = static_cast<std::uint8_t>(to >> (8 * i));
    return e;
  }
  void add(const directory& from) {
    auto values_at = bytes_.size() + 2 + from.size() * entry_bytes + 4;
    std::vector<std::uint8_t> values;
    put(from.size(), 2);
    for (const auto& e : from) {
      put(e.tag, 2);
      put(e.type, 2);
      put(e.count, 4);
      auto value = e.value;
      if (const auto beyond = beyond_entry(e); beyond > 0) {
        put(values_at, 4);
        value.resize(beyond);
        values.insert(values.end(), value.begin(), value.end());
        values_at += beyond;
      } else {
        value.resize(4);
        bytes_.insert(bytes_.end(), value.begin(), value.end());
      }
    }
    put(0, 4); // no directory after it
    bytes_.insert(bytes_.end(), values.begin(), values.end());
  }
  std::vector<std::uint8_t> finish() && {
    return std::move(bytes_);
  }

private:
  static std::size_t beyond_entry(const entry& one) {
    return one.value.size() <= 4 ? 0 : (one.value.size() + 1) / 2 * 2;
  }
  void put(std::size_t number, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      bytes_.push_back(
        static_cast<std::uint8_t>(number >> (8 * (big_endian_ ? count - 1 - i : i))));
  }

  bool big_endian_;
  std::vector<std::uint8_t> bytes_;
};

// The offset of the directory that entry @p tag of another one points to; 0 if there is none.
std::size_t pointed_at(const tiff_bytes& tiff, std::size_t from, unsigned tag) {
  std::size_t found = 0;
  tiff.each_entry(from, [&](const tiff_entry& entry) {
    if (found == 0 && entry.tag == tag)
      found = tiff.u32(entry.value_at);
  });
  return found;
}

} // namespace

std::vector<std::uint8_t> kept_exif(std::span<const std::uint8_t> exif,
                                    const std::vector<std::string>& kept) {
  const tiff_bytes tiff{tiff_of_exif(exif)};
  if (kept.empty() || !tiff.is_tiff())
    return {};
  const auto keeps = [&](std::string_view word) {
    return std::find(kept.begin(), kept.end(), word) != kept.end();
  };
  const std::size_t first = tiff.u32(4);
  auto main = read_directory(tiff, first, [&](unsigned tag) {
    const bool is_camera = tag == 0x010F || tag == 0x0110;
    const bool is_right = tag == 0x013B || tag == 0x8298;
    return (is_camera && keeps("camera")) || (is_right && keeps("copyright"));
  });
  directory photo;
  if (keeps("date"))
    photo = read_directory(tiff, pointed_at(tiff, first, exif_directory_tag),
                           [](unsigned tag) { return tag == 0x9003 || tag == 0x9011; });
  directory place;
  if (keeps("gps"))
    place = read_directory(tiff, pointed_at(tiff, first, gps_directory_tag),
                           [](unsigned) { return true; });
  if (main.empty() && photo.empty() && place.empty())
    return {};
  // A pointer takes an entry of four bytes whatever its value: so the size is known before.
  exif_writer writer{tiff.is_big_endian()};
  const auto pointers = (photo.empty() ? 0U : 1U) + (place.empty() ? 0U : 1U);
  auto next = writer.end() + exif_writer::size_of(main) + pointers * entry_bytes;
  if (!photo.empty())
    main.push_back(writer.pointer(exif_directory_tag, next));
  next += photo.empty() ? 0 : exif_writer::size_of(photo);
  if (!place.empty())
    main.push_back(writer.pointer(gps_directory_tag, next));
  std::sort(main.begin(), main.end(), [](const entry& a, const entry& b) { return a.tag < b.tag; });
  for (const auto* d : {&main, &photo, &place})
    if (!d->empty())
      writer.add(*d);
  return std::move(writer).finish();
}

} // namespace mediad::media
