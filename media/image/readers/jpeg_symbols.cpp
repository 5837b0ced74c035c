#include "media/image/readers/jpeg_symbols.hpp"

#include <algorithm>
#include <cstring>

namespace mediad::media {
namespace {

constexpr std::uint8_t no_more = 0;      // EOB: the block's other terms are 0
constexpr unsigned sixteen_zeros = 0xF0; // ZRL
constexpr unsigned max_term_bits = 10;   // with 8 bits a sample (F.1.2.2)
constexpr std::size_t longest_code = 16;

// One symbol and the bits that follow it (F.1.2.2); an empty run if the symbol means nothing.
skipped_run run_of(jpeg_symbol symbol) {
  const unsigned bits = symbol.value & 15U;
  const unsigned zeros = symbol.value >> 4U;
  const bool ends = symbol.value == no_more;
  if (symbol.length == 0 || bits > max_term_bits
      || (bits == 0 && !ends && symbol.value != sixteen_zeros))
    return {};
  return {symbol.length + bits, ends ? 0 : zeros + 1, ends};
}

} // namespace

bool scan_bits::has_byte() {
  auto& source = *codec_.src;
  return source.bytes_in_buffer != 0
         || (source.fill_input_buffer(&codec_) != FALSE && source.bytes_in_buffer != 0);
}

bool scan_bits::unstuff() {
  auto& source = *codec_.src;
  const auto take = [&](std::size_t count) {
    source.next_input_byte += count;
    source.bytes_in_buffer -= count;
  };
  const auto* limit = bytes_.data() + room;
  if (!has_byte())
    marker_ = JPEG_EOI;
  while (marker_ == 0 && end_ < limit && source.bytes_in_buffer != 0) {
    const auto most = std::min(source.bytes_in_buffer, static_cast<std::size_t>(limit - end_));
    const auto* stuffed =
      static_cast<const JOCTET*>(std::memchr(source.next_input_byte, 0xFF, most));
    const auto plain =
      stuffed != nullptr ? static_cast<std::size_t>(stuffed - source.next_input_byte) : most;
    std::memcpy(end_, source.next_input_byte, plain);
    end_ += plain;
    take(plain);
    if (stuffed == nullptr)
      continue;
    take(1);
    const int behind = has_byte() ? *source.next_input_byte : JPEG_EOI;
    if (behind == 0)
      *end_++ = 0xFF;
    else
      marker_ = behind;
    take(source.bytes_in_buffer != 0 ? 1 : 0);
  }
  return marker_ == 0;
}

const std::uint8_t* scan_bits::with_more(bit_window window) {
  if (marker_ != 0) { // only zeros are left
    is_exhausted_ = true;
    return end_;
  }
  const auto left = static_cast<std::size_t>(end_ - window.at);
  std::memmove(bytes_.data(), window.at, left);
  end_ = bytes_.data() + left;
  while (end_ - bytes_.data() < 8 && unstuff()) {
  }
  if (marker_ != 0)
    std::memset(end_, 0, spare);
  enough_ = marker_ != 0 ? end_ + 8 : end_ - 7;
  return bytes_.data();
}

bool scan_bits::pass_marker(bit_window window, int code) {
  if (marker_ == 0)
    window.at = with_more(window);
  const auto left = (end_ - window.at) * 8 + static_cast<std::ptrdiff_t>(window.count);
  const bool is_there = marker_ == code && !is_exhausted_ && left >= 0 && left < 8;
  marker_ = 0;
  end_ = bytes_.data();
  enough_ = bytes_.data();
  return is_there;
}

std::optional<symbol_table> symbol_table::make(const JHUFF_TBL* from) {
  if (from == nullptr)
    return std::nullopt;
  symbol_table made;
  std::uint32_t code = 0;
  std::uint32_t value = 0;
  for (std::size_t length = 1; length <= longest_code; ++length, code <<= 1U) {
    const std::uint32_t count = from->bits[length];
    if (value + count > made.values_.size() || code + count > 1U << length)
      return std::nullopt;
    made.first_code_.at(length) = code;
    made.count_.at(length) = count;
    made.first_value_.at(length) = value;
    for (std::uint32_t i = 0; i < count; ++i, ++code, ++value) {
      made.values_.at(value) = from->huffval[value];
      if (length > quick_bits)
        continue;
      const auto spread = quick_bits - static_cast<unsigned>(length);
      const jpeg_symbol symbol{static_cast<std::uint8_t>(length), from->huffval[value]};
      std::fill_n(made.quick_.begin() + (code << spread), std::size_t{1} << spread, symbol);
    }
  }
  return made;
}

jpeg_symbol symbol_table::find_long(std::uint64_t window) const {
  for (std::size_t length = quick_bits + 1; length <= longest_code; ++length) {
    const auto code = static_cast<std::uint32_t>(window >> (64U - length));
    const auto index = code - first_code_[length];
    if (code >= first_code_[length] && index < count_[length])
      return {static_cast<std::uint8_t>(length), values_[first_value_[length] + index]};
  }
  return {};
}

std::optional<dc_symbols> dc_symbols::make(const JHUFF_TBL* from) {
  const auto table = symbol_table::make(from);
  return table ? std::optional{dc_symbols{*table}} : std::nullopt;
}

std::optional<ac_symbols> ac_symbols::make(const JHUFF_TBL* from) {
  const auto table = symbol_table::make(from);
  if (!table)
    return std::nullopt;
  ac_symbols made{*table};
  made.join_symbols();
  return made;
}

// Finds for each sequence of bits as many symbols as it determines. The bits that follow the last
// symbol may reach beyond the sequence.
void ac_symbols::join_symbols() {
  constexpr unsigned max_terms = 63;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const auto window = static_cast<std::uint64_t>(i) << (64U - known_bits);
    const auto symbol = table_.find(window);
    if (symbol.length == 0 || symbol.length > known_bits)
      continue; // next_long() finds codes that are longer
    auto run = run_of(symbol);
    while (run.bits() != 0 && !run.ends() && run.bits() < known_bits) {
      const auto another = table_.find(window << run.bits());
      const auto next = run_of(another);
      if (next.bits() == 0 || run.bits() + another.length > known_bits
          || run.terms() + next.terms() > max_terms)
        break;
      run = run.joined(next);
    }
    runs_.at(i) = run;
  }
}

skipped_run ac_symbols::next_long(std::uint64_t window) const {
  return run_of(table_.find(window));
}

} // namespace mediad::media
