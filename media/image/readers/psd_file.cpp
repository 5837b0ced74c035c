#include "media/image/readers/psd_file.hpp"

#include "media/bytes/file_bytes.hpp"
#include "media/picture/color.hpp"

#include <algorithm>
#include <string>

namespace mediad::media {
namespace {

constexpr std::size_t header_bytes = 26;

/// Cuts sections off the front, each with its length before it.
class sections {
public:
  explicit sections(std::string_view bytes) : rest_{bytes} {}

  std::string_view next(std::size_t length_bytes) {
    const auto length = big_endian(rest_, 0, length_bytes);
    rest_.remove_prefix(std::min(length_bytes, rest_.size()));
    const auto section = rest_.substr(0, std::min<std::uint64_t>(length, rest_.size()));
    rest_.remove_prefix(section.size());
    return section;
  }
  std::string_view rest() const {
    return rest_;
  }

private:
  std::string_view rest_;
};

// The ICC profile among the image resources: signature, id, a name of even length, the data.
std::string_view profile_in(std::string_view resources) {
  constexpr std::uint64_t icc_profile = 1039;
  while (resources.size() > 12 && resources.starts_with("8BIM")) {
    const auto id = big_endian(resources, 4, 2);
    const auto name = static_cast<std::size_t>(big_endian(resources, 6, 1)) + 1;
    sections at{resources.substr(std::min(6 + name + name % 2, resources.size()))};
    const auto data = at.next(4);
    if (id == icc_profile)
      return data.size() <= max_icc_bytes ? data : std::string_view{};
    resources = at.rest().substr(std::min<std::size_t>(data.size() % 2, at.rest().size()));
  }
  return {};
}

// A negative number of layers says that the first channel behind the colours is alpha.
bool tells_alpha(std::string_view layers, bool is_big) {
  const auto info = sections{layers}.next(is_big ? 8 : 4);
  return info.size() >= 2 && (static_cast<std::uint8_t>(info[0]) & 0x80U) != 0;
}

bool is_known(const psd_header& h) {
  const bool has_bits =
    h.mode == psd_mode::bitmap ? h.bits == 1 : h.bits == 8 || h.bits == 16 || h.bits == 32;
  return has_bits && h.channels >= h.colors() && h.channels <= 56
         && (h.mode != psd_mode::indexed || h.bits == 8);
}

} // namespace

result<psd_header> parse_psd(std::string_view bytes) {
  if (bytes.size() < header_bytes)
    return fail(errc::corrupt_media, "PSD: no header");
  psd_header h;
  h.is_big = big_endian(bytes, 4, 2) == 2;
  h.channels = static_cast<unsigned>(big_endian(bytes, 12, 2));
  h.size = {static_cast<std::uint32_t>(big_endian(bytes, 18, 4)),
            static_cast<std::uint32_t>(big_endian(bytes, 14, 4))};
  h.bits = static_cast<unsigned>(big_endian(bytes, 22, 2));
  const auto mode = big_endian(bytes, 24, 2);
  if ((mode > 4 && mode != 7 && mode != 8))
    return fail(errc::unsupported_media, "PSD: of mode " + std::to_string(mode));
  h.mode = static_cast<psd_mode>(mode);
  sections all{bytes.substr(header_bytes)};
  h.palette = all.next(4);
  h.icc = profile_in(all.next(4));
  h.has_alpha = tells_alpha(all.next(h.is_big ? 8 : 4), h.is_big) && h.channels > h.colors();
  h.merged = all.rest();
  if (!is_known(h))
    return fail(errc::unsupported_media, "PSD: an unknown kind of pixels");
  return h;
}

namespace {

// PackBits (TIFF 6.0, section 9). Returns whether all of @p to came.
bool unpack(std::string_view packed, std::span<std::uint8_t> to) {
  std::size_t done = 0;
  while (done < to.size() && !packed.empty()) {
    const auto head = static_cast<std::int8_t>(packed.front());
    packed.remove_prefix(1);
    if (head == -128)
      continue;
    const auto count = static_cast<std::size_t>(head < 0 ? 1 - head : 1 + head);
    const auto part = std::min(count, to.size() - done);
    if (head < 0) {
      if (packed.empty())
        return false;
      std::fill_n(to.begin() + static_cast<std::ptrdiff_t>(done), part,
                  static_cast<std::uint8_t>(packed.front()));
      packed.remove_prefix(1);
    } else {
      if (packed.size() < part)
        return false;
      std::copy_n(packed.begin(), part, to.begin() + static_cast<std::ptrdiff_t>(done));
      packed.remove_prefix(std::min(count, packed.size()));
    }
    done += part;
  }
  return done == to.size();
}

} // namespace

result<psd_rows> psd_rows::open(const psd_header& header) {
  psd_rows made{header};
  made.packing_ = static_cast<psd_packing>(big_endian(header.merged, 0, 2));
  const auto data = header.merged.substr(std::min<std::size_t>(2, header.merged.size()));
  switch (made.packing_) {
  case psd_packing::none: made.raw_ = data; break;
  case psd_packing::runs: made.find_rows(data); break;
  case psd_packing::zip:
  case psd_packing::predicted_zip:
    made.planes_ =
      zipped_plane::first(header.colors() + (header.has_alpha ? 1 : 0),
                          std::uint64_t{header.row_bytes()} * header.size.height, data);
    break;
  default: return fail(errc::unsupported_media, "PSD: the merged picture is packed otherwise");
  }
  return made;
}

bool psd_rows::unzip(unsigned channel, std::span<std::uint8_t> to) {
  if (channel >= planes_.size() || !planes_[channel].next(to))
    return false;
  if (packing_ == psd_packing::predicted_zip)
    undo_prediction(to, header_->bits);
  return true;
}

bool psd_rows::read(unsigned channel, std::uint32_t y, std::span<std::uint8_t> to) {
  if (packing_ == psd_packing::zip || packing_ == psd_packing::predicted_zip)
    return unzip(channel, to);
  const auto index = std::size_t{channel} * header_->size.height + y;
  if (packing_ == psd_packing::runs)
    return index < rows_.size() && unpack(rows_[index], to);
  const auto at = index * to.size();
  if (at > raw_.size() || raw_.size() - at < to.size())
    return false;
  std::copy_n(raw_.begin() + static_cast<std::ptrdiff_t>(at), to.size(), to.begin());
  return true;
}

// The lengths of all packed rows stand before the first one.
void psd_rows::find_rows(std::string_view data) {
  const std::size_t length_bytes = header_->is_big ? 4 : 2;
  const auto count = std::size_t{header_->channels} * header_->size.height;
  if (count * length_bytes > data.size())
    return;
  auto rest = data.substr(count * length_bytes);
  rows_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = big_endian(data, i * length_bytes, length_bytes);
    rows_.push_back(rest.substr(0, std::min<std::uint64_t>(length, rest.size())));
    rest.remove_prefix(rows_.back().size());
  }
}

} // namespace mediad::media
