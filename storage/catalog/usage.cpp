#include "storage/catalog/usage.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace mediad::storage {
namespace {

constexpr std::array<std::uint64_t usage::*, 4> members{&usage::bytes, &usage::files,
                                                        &usage::open_bytes, &usage::open_uploads};

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b
           ? std::numeric_limits<std::uint64_t>::max()
           : a + b;
}

} // namespace

usage& usage::operator+=(const usage& more) {
  for (const auto m : members)
    this->*m = sum(this->*m, more.*m);
  return *this;
}

usage& usage::operator-=(const usage& less) {
  for (const auto m : members)
    this->*m -= std::min(this->*m, less.*m);
  return *this;
}

std::uint64_t usage::held_bytes() const {
  return sum(bytes, open_bytes);
}

usage held_by(const upload_state& u) {
  usage held;
  if (u.complete && !u.is_partial())
    return held;
  held.open_uploads = 1;
  if (!u.is_final())
    held.open_bytes = u.has_length() ? u.length : u.offset;
  return held;
}

} // namespace mediad::storage
