#include "base/ulid.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <sys/random.h>

namespace mediad {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t ulid_chars = 26;

struct ulid_bits {
  std::uint64_t time = 0; // 48 bits
  std::uint64_t high = 0; // upper 40 of the random bits
  std::uint64_t low = 0;  // lower 40
};

constexpr std::uint64_t forty_bits = (std::uint64_t{1} << 40U) - 1;

ulid_bits fresh(std::uint64_t time) {
  std::array<std::uint64_t, 2> random{};
  if (getrandom(random.data(), sizeof random, 0) != static_cast<ssize_t>(sizeof random))
    throw std::runtime_error{"getrandom failed"};
  // The top bit stays clear, so that counting up within a millisecond cannot overflow.
  return {time, random[0] & (forty_bits >> 1U), random[1] & forty_bits};
}

void put(std::string& text, std::uint64_t bits, unsigned count) {
  for (auto shift = 5U * count; shift > 0;) {
    shift -= 5U;
    text += alphabet[(bits >> shift) & 31U];
  }
}

} // namespace

std::string make_ulid(unix_ms now) {
  static std::mutex guard;
  static ulid_bits last;
  const std::lock_guard lock{guard};
  const auto time = static_cast<std::uint64_t>(now);
  if (time > last.time)
    last = fresh(time);
  else if (++last.low > forty_bits) {
    last.low = 0;
    ++last.high;
  }
  std::string text;
  text.reserve(ulid_chars);
  put(text, last.time, 10);
  put(text, last.high, 8);
  put(text, last.low, 8);
  return text;
}

bool is_ulid(std::string_view text) {
  return text.size() == ulid_chars && text.front() <= '7'
         && std::all_of(text.begin(), text.end(),
                        [](char c) { return alphabet.find(c) != std::string_view::npos; });
}

} // namespace mediad
