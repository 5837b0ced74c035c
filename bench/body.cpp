#include "bench/body.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

namespace mediad::bench {

namespace {

constexpr std::size_t piece_bytes = std::size_t{256} << 10U;
constexpr std::size_t block_bytes = 4096;

} // namespace

body_source::body_source(std::uint64_t total_bytes, std::uint64_t salt)
  : total_bytes_{total_bytes}, salt_{salt} {
  bytes_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(total_bytes, piece_bytes)));
  std::mt19937_64 random{salt};
  for (std::size_t at = 0; at < bytes_.size(); at += sizeof(std::uint64_t)) {
    const auto word = random();
    std::memcpy(bytes_.data() + at, &word, std::min(sizeof word, bytes_.size() - at));
  }
}

std::string_view body_source::piece(std::uint64_t number, std::uint64_t offset) {
  const auto left = total_bytes_ - std::min(offset, total_bytes_);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes_.size()));
  for (std::size_t at = 0; at < size; at += block_bytes) {
    const std::array<std::uint64_t, 3> stamp{number, offset + at, salt_};
    std::memcpy(bytes_.data() + at, stamp.data(), std::min(sizeof stamp, size - at));
  }
  return {bytes_.data(), size};
}

} // namespace mediad::bench
