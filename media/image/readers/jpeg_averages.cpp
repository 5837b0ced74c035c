#include "media/image/readers/jpeg_averages.hpp"

#include "media/image/readers/jpeg_symbols.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mediad::media {
namespace {

constexpr unsigned block_terms = DCTSIZE2;
// The bits of a DC difference, with 8 bits a sample (ITU-T T.81, F.1.2.1).
constexpr unsigned max_average_bits = 11;
// The largest coefficient that libjpeg can hold; no encoder comes near.
constexpr int max_average = 32'767;

/// Where one component's averages go, and how they are coded.
struct part_reader {
  const jpeg_component_info* about = nullptr;
  const dc_symbols* averages = nullptr;
  const ac_symbols* others = nullptr;
  int step = 1; ///< The quantisation step of the DC coefficient.
  int last =
    0; ///< The last DC coefficient before multiplication: the next is coded as a difference.
  plane* to = nullptr;
};

/// The tables that the components share, by the numbers that the file gives them.
struct symbol_tables {
  std::array<std::optional<dc_symbols>, NUM_HUFF_TBLS> averages;
  std::array<std::optional<ac_symbols>, NUM_HUFF_TBLS> others;
};

std::uint32_t over(std::uint32_t value, std::uint32_t divisor) {
  return (value + divisor - 1) / divisor;
}

planar room_for(const jpeg_decoder& codec, extent units) {
  planar made;
  made.size = {over(codec.image_width, DCTSIZE), over(codec.image_height, DCTSIZE)};
  const auto max_x = static_cast<std::uint32_t>(codec.max_h_samp_factor);
  const auto max_y = static_cast<std::uint32_t>(codec.max_v_samp_factor);
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    const auto& component = codec.comp_info[i];
    const auto x = static_cast<std::uint32_t>(component.h_samp_factor);
    const auto y = static_cast<std::uint32_t>(component.v_samp_factor);
    auto& part = made.parts.at(i);
    part = plane{units.width * x, units.height * y};
    part.width = over(codec.image_width * x, max_x * DCTSIZE);
    part.height = over(codec.image_height * y, max_y * DCTSIZE);
  }
  made.chroma_x = static_cast<double>(codec.comp_info[1].h_samp_factor) / max_x;
  made.chroma_y = static_cast<double>(codec.comp_info[1].v_samp_factor) / max_y;
  return made;
}

bool prepare(const jpeg_decoder& codec, planar& to, symbol_tables& tables,
             std::array<part_reader, 3>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* about = codec.cur_comp_info[i];
    const auto number = [](int n, int count) {
      return n >= 0 && n < count ? static_cast<std::size_t>(n) : 0;
    };
    const auto average_number = number(about->dc_tbl_no, NUM_HUFF_TBLS);
    const auto other_number = number(about->ac_tbl_no, NUM_HUFF_TBLS);
    auto& averages = tables.averages.at(average_number);
    auto& others = tables.others.at(other_number);
    const auto* steps = codec.quant_tbl_ptrs[number(about->quant_tbl_no, NUM_QUANT_TBLS)];
    if (!averages)
      averages = dc_symbols::make(codec.dc_huff_tbl_ptrs[average_number]);
    if (!others)
      others = ac_symbols::make(codec.ac_huff_tbl_ptrs[other_number]);
    if (!averages || !others || steps == nullptr)
      return false;
    parts.at(i) = {about,    &*averages,
                   &*others, steps->quantval[0],
                   0,        &to.parts.at(static_cast<std::size_t>(about->component_index))};
  }
  return true;
}

/// The scan and how far it has been read.
struct scan_reader {
  explicit scan_reader(jpeg_decoder& codec) : source{codec}, window{source.first()} {}

  scan_bits source;
  bit_window window;
};

// Skips the AC coefficients of a block. False for codes that do not exist and for too many
// coefficients. The window is handed on member by member: g++ 12 would keep a whole one in memory,
// at half the speed.
bool skip_others(scan_reader& scan, const ac_symbols& symbols) {
  auto bits = scan.window.bits;
  auto count = scan.window.count;
  const auto* next = scan.window.at;
  unsigned at = 1;
  const auto skip_some = [&] {
    const auto run = symbols.next(bits);
    // At the end of a block the last of them may belong to the next one.
    const bool all_fit = at + run.terms() + (run.ends() ? 1 : 0) <= block_terms;
    const auto part = all_fit ? run : run.first();
    bits <<= part.bits();
    count -= part.bits();
    at = part.ends() ? block_terms : at + part.terms();
    if (part.bits() == 0)
      at = block_terms + 1;
  };
  skip_some();
  while (at < block_terms) {
    if (next >= scan.source.enough())
      next = scan.source.with_more({bits, count, next});
    bits |= scan_bits::eight_bytes(next) >> count;
    next += (63U - count) / 8;
    count |= 56U;
    skip_some();
    if (at < block_terms)
      skip_some();
  }
  scan.window = {bits, count, next};
  return at == block_terms;
}

bool read_block(scan_reader& scan, part_reader& part, std::uint8_t& to) {
  auto window = scan.source.filled(scan.window);
  const auto size = part.averages->next(window.bits);
  if (size.length == 0 || size.value > max_average_bits)
    return false;
  window.drop(size.length);
  if (size.value > 0)
    part.last += window.take_signed(size.value);
  if (std::abs(part.last) > max_average)
    return false;
  // As in jpeg_idct_1x1: a DC coefficient is eight times the average.
  to = static_cast<std::uint8_t>(std::clamp(((part.last * part.step + 4) >> 3) + 128, 0, 255));
  scan.window = window;
  return skip_others(scan, *part.others);
}

bool read_unit(scan_reader& scan, std::array<part_reader, 3>& parts, std::uint32_t x,
               std::uint32_t y) {
  for (auto& part : parts) {
    const auto wide = static_cast<std::uint32_t>(part.about->h_samp_factor);
    const auto high = static_cast<std::uint32_t>(part.about->v_samp_factor);
    for (std::uint32_t row = 0; row < high; ++row)
      for (std::uint32_t column = 0; column < wide; ++column)
        if (!read_block(scan, part, part.to->row(y * high + row)[x * wide + column]))
          return false;
  }
  return !scan.source.is_exhausted();
}

bool pass_restart(scan_reader& scan, unsigned count, std::array<part_reader, 3>& parts) {
  for (auto& part : parts)
    part.last = 0;
  const bool passed = scan.source.pass_marker(scan.window, JPEG_RST0 + static_cast<int>(count % 8));
  scan.window = scan.source.first();
  return passed;
}

} // namespace

bool has_quick_averages(const jpeg_decoder& codec) {
  return codec.progressive_mode == FALSE && codec.arith_code == FALSE && codec.data_precision == 8
         && has_planes(codec) && codec.comps_in_scan == codec.num_components;
}

std::optional<planar> read_averages(jpeg_decoder& codec) {
  const extent units{
    over(codec.image_width, static_cast<std::uint32_t>(codec.max_h_samp_factor) * DCTSIZE),
    over(codec.image_height, static_cast<std::uint32_t>(codec.max_v_samp_factor) * DCTSIZE)};
  auto made = room_for(codec, units);
  symbol_tables tables;
  std::array<part_reader, 3> parts;
  if (!prepare(codec, made, tables, parts))
    return std::nullopt;
  scan_reader scan{codec};
  unsigned restarts = 0;
  unsigned until_restart = codec.restart_interval;
  for (std::uint32_t y = 0; y < units.height; ++y)
    for (std::uint32_t x = 0; x < units.width; ++x) {
      if (codec.restart_interval != 0 && until_restart-- == 0) {
        if (!pass_restart(scan, restarts++, parts))
          return std::nullopt;
        until_restart = codec.restart_interval - 1;
      }
      if (!read_unit(scan, parts, x, y))
        return std::nullopt;
    }
  // The source may have invented the end marker, because the file was cut off.
  if (!scan.source.pass_marker(scan.window, JPEG_EOI) || codec.failure.damage
      || codec.failure.met_end)
    return std::nullopt;
  return made;
}

} // namespace mediad::media
