#include "base/sha256.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <future>
// OpenSSL's newer interface cannot save a digest that is under way.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mediad {
namespace {

constexpr std::size_t words = 8;
constexpr std::size_t block_bytes = 64;
constexpr std::size_t first_bytes = 256U << 10U; ///< Most files have no more.
constexpr std::size_t read_bytes = 1U << 20U;
constexpr std::size_t head_bytes = (words + 2) * 4; ///< The chaining value and the bits so far.

void put_word(std::string& out, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((word >> static_cast<unsigned>(shift)) & 255U);
}

std::uint32_t get_word(std::string_view bytes) {
  std::uint32_t word = 0;
  for (const char c : bytes.substr(0, 4))
    word = (word << 8U) | static_cast<unsigned char>(c);
  return word;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// As many bytes as there are, but for the last block of a file as many as @p into has.
result<std::size_t> read_whole(int fd, std::vector<char>& into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n = ::read(fd, into.data() + done, into.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(errno, "read");
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

} // namespace

void sha256::free_state::operator()(SHA256_CTX* state) const noexcept {
  delete state;
}

sha256::sha256() : state_{new SHA256_CTX} {
  SHA256_Init(state_.get());
}

void sha256::update(std::string_view bytes) {
  SHA256_Update(state_.get(), bytes.data(), bytes.size());
}

std::string sha256::hex() && {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), state_.get());
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256::save() const {
  std::string bytes;
  for (const auto word : state_->h)
    put_word(bytes, word);
  put_word(bytes, state_->Nh);
  put_word(bytes, state_->Nl);
  bytes.append(reinterpret_cast<const char*>(state_->data), state_->num);
  return to_hex(bytes);
}

result<sha256> sha256::restore(std::string_view saved) {
  sha256 hash;
  if (saved.empty())
    return hash;
  auto bytes = from_hex(saved);
  if (!bytes || bytes->size() < head_bytes || bytes->size() >= head_bytes + block_bytes)
    return fail(errc::internal, "not a saved SHA-256");
  std::string_view left = *bytes;
  const auto next = [&left] {
    const auto word = get_word(left);
    left.remove_prefix(4);
    return word;
  };
  auto& state = *hash.state_;
  for (auto& word : state.h)
    word = next();
  state.Nh = next();
  state.Nl = next();
  if (state.Nl / 8 % block_bytes != left.size())
    return fail(errc::internal, "a saved SHA-256 that contradicts itself");
  std::copy(left.begin(), left.end(), reinterpret_cast<char*>(state.data));
  state.num = static_cast<unsigned>(left.size());
  return hash;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

result<std::string> from_hex(std::string_view digits) {
  std::string bytes;
  if (digits.size() % 2 != 0)
    return fail(errc::bad_request, "an odd number of hex digits");
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]);
    const int low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0)
      return fail(errc::bad_request, "not lower-case hex");
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

result<std::string> sha256_of_file(const std::filesystem::path& file) {
  auto fd = open_file(file, O_RDONLY);
  return fd ? sha256_of_file(opened_file{fd->get()}) : fail(fd.error());
}

result<std::string> sha256_of_file(const opened_file& file) {
  // The next block is read while this one is hashed: each takes as long as the other. Where
  // there can be no other thread, one after the other.
  const auto beside = std::launch::async | std::launch::deferred;
  std::vector<char> block(first_bytes);
  std::vector<char> next;
  auto n = read_whole(file.descriptor(), block);
  sha256 hash;
  while (n && *n == block.size()) {
    next.resize(read_bytes);
    auto more = std::async(beside, [&] { return read_whole(file.descriptor(), next); });
    hash.update({block.data(), *n});
    n = more.get();
    std::swap(block, next);
  }
  if (!n)
    return fail(n.error());
  hash.update({block.data(), *n});
  return std::move(hash).hex();
}

} // namespace mediad
