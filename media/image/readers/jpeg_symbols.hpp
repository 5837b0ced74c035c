#pragma once

#include "media/image/readers/jpeg_decoder.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

/// Huffman-coded symbols of a baseline JPEG's scan (ITU-T T.81, annexes C and F), for a reader that
/// wants the DC coefficient of each block and skips its AC coefficients quickly.
namespace mediad::media {

/// The next bits of a scan, the first of them highest. Always by value, so that it stays in
/// registers: each symbol's length decides where the next one is.
struct bit_window {
  std::uint64_t bits = 0;
  unsigned count = 0;               ///< How many of the bits are valid.
  const std::uint8_t* at = nullptr; ///< The byte after the last valid bit.

  /// @param size 0..32.
  void drop(unsigned size) {
    bits <<= size;
    count -= size;
  }
  /// The next @p size bits, 1..16, as the difference that they stand for (F.2.2.1, EXTEND).
  int take_signed(unsigned size) {
    const auto value = static_cast<int>(bits >> (64U - size));
    drop(size);
    const int half = 1 << (size - 1);
    return value < half ? value - 2 * half + 1 : value;
  }
};

/// Where the bits of a scan come from, up to the next marker, and zeros behind it.
class scan_bits {
public:
  /// @param codec  outlives it; its source is read from where it is.
  explicit scan_bits(jpeg_decoder& codec) : codec_{codec} {}
  scan_bits(const scan_bits&) = delete;
  scan_bits& operator=(const scan_bits&) = delete;

  /// An empty window, for the beginning of a scan and behind a marker.
  bit_window first() const {
    return {0, 0, end_};
  }
  /// At least 56 bits: two symbols with all that belongs to them.
  bit_window filled(bit_window window) {
    if (window.at >= enough_)
      window.at = with_more(window);
    window.bits |= eight_bytes(window.at) >> window.count;
    window.at += (63U - window.count) / 8;
    window.count |= 56U;
    return window;
  }
  /// Refill limit: once `window.at` reaches this, call with_more() to continue.
  const std::uint8_t* enough() const {
    return enough_;
  }
  const std::uint8_t* with_more(bit_window window);
  static std::uint64_t eight_bytes(const std::uint8_t* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    if constexpr (std::endian::native == std::endian::little)
      bytes = __builtin_bswap64(bytes);
    return bytes;
  }
  /// Whether more bits have been asked for than there are.
  bool is_exhausted() const {
    return is_exhausted_;
  }
  /// Whether the marker that must come now does, after less than a byte of padding.
  /// @param code as JPEG_EOI.
  bool pass_marker(bit_window window, int code);

private:
  static constexpr std::size_t room = 8192; // stays in the nearest cache, beside the tables
  static constexpr std::size_t spare = 16;

  /// Appends what is at hand. False at a marker.
  bool unstuff();
  /// Whether the source has a byte.
  bool has_byte();

  jpeg_decoder& codec_;
  std::array<std::uint8_t, room + spare> bytes_{};
  std::uint8_t* end_ = bytes_.data();          ///< The end of the bytes that have been read.
  const std::uint8_t* enough_ = bytes_.data(); ///< Up to here eight bytes can be taken at once.
  int marker_ = 0;                             ///< The marker that ends the bits; 0: not yet found.
  bool is_exhausted_ = false;
};

/// A code of a table: how long it is and what it means. If the length is 0, there is no such code.
struct jpeg_symbol {
  std::uint8_t length = 0;
  std::uint8_t value = 0;
};

/// A Huffman table, ready to be looked up by the next 16 bits.
class symbol_table {
public:
  static constexpr unsigned quick_bits = 9; ///< Codes up to this length are found at once.

  /// @returns nothing if @p from is null or no table (C.2).
  static std::optional<symbol_table> make(const JHUFF_TBL* from);

  jpeg_symbol find(std::uint64_t window) const {
    const auto found = quick_[window >> (64U - quick_bits)];
    return found.length != 0 ? found : find_long(window);
  }

private:
  jpeg_symbol find_long(std::uint64_t window) const;

  std::array<jpeg_symbol, 1U << quick_bits> quick_{};
  std::array<std::uint8_t, 256> values_{};
  std::array<std::uint32_t, 17> first_code_{};  ///< The first code of each length, 1..16.
  std::array<std::uint32_t, 17> count_{};       ///< How many codes have that length.
  std::array<std::uint32_t, 17> first_value_{}; ///< Index of their first value in values_.
};

/// Codes of the DC coefficient of a block: a symbol says how many bits its difference has.
class dc_symbols {
public:
  static std::optional<dc_symbols> make(const JHUFF_TBL* from);

  /// Its length is 0 if there is no such symbol.
  jpeg_symbol next(std::uint64_t window) const {
    return table_.find(window);
  }

private:
  explicit dc_symbols(const symbol_table& table) : table_{table} {}
  symbol_table table_;
};

/// Some symbols in a row, with the bits that follow each of them, and the first of them alone. They
/// are packed into one word, because thousands of them have to fit into the first-level cache.
class skipped_run {
public:
  /// No symbol: a code that does not exist.
  skipped_run() = default;
  /// One symbol. @param bits 1..31. @param terms the coefficients that it covers, 0..63.
  /// @param ends whether it ends its block.
  skipped_run(unsigned bits, unsigned terms, bool ends)
    : packed_{(bits | terms << 6U | (ends ? 1U << 12U : 0U)) * ((1U << 16U) + 1U)} {}

  unsigned bits() const {
    return packed_ & 63U;
  }
  unsigned terms() const {
    return packed_ >> 6U & 63U;
  }
  bool ends() const {
    return (packed_ & 1U << 12U) != 0;
  }
  skipped_run first() const {
    skipped_run only;
    only.packed_ = (packed_ >> 16U) * ((1U << 16U) + 1U);
    return only;
  }
  /// This, which does not end its block, and then @p next, together at most 31 bits and 63 terms.
  skipped_run joined(skipped_run next) const {
    skipped_run both;
    both.packed_ = packed_ + (next.packed_ & 0xFFFFU);
    return both;
  }

private:
  std::uint32_t packed_ = 0;
};

/// Codes of the AC coefficients of a block, which are skipped.
class ac_symbols {
public:
  static std::optional<ac_symbols> make(const JHUFF_TBL* from);

  skipped_run next(std::uint64_t window) const {
    const auto found = runs_[window >> (64U - known_bits)];
    return found.bits() != 0 ? found : next_long(window);
  }

private:
  static constexpr unsigned known_bits = 12;

  explicit ac_symbols(const symbol_table& table) : table_{table} {}
  void join_symbols();
  skipped_run next_long(std::uint64_t window) const;

  std::array<skipped_run, 1U << known_bits> runs_{}; ///< No symbol means a longer code.
  symbol_table table_;
};

} // namespace mediad::media
