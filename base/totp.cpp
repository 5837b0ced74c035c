#include "base/totp.hpp"

#include "base/password.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdexcept>

namespace mediad {

namespace {

constexpr std::size_t digits = 6;
constexpr std::uint32_t code_limit = 1'000'000; ///< 10 to the number of digits.
constexpr std::uint64_t step_ms = 30'000;
constexpr unsigned bits_per_letter = 5;
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t recovery_bytes = 10;
constexpr std::size_t letters_in_group = 4;

std::string random_bytes(std::size_t count) {
  if (sodium_init() < 0)
    throw std::runtime_error{"libsodium cannot start"};
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string hmac_sha1(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(),
           &size)
      == nullptr)
    throw std::runtime_error{"OpenSSL has no HMAC-SHA-1"};
  return {mac.begin(), mac.begin() + size};
}

char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper_case(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string grouped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % letters_in_group == 0)
      out += '-';
    out += lower_case(text[i]);
  }
  return out;
}

} // namespace

std::string make_totp_secret() {
  return random_bytes(totp_secret_bytes);
}

std::string totp_code(std::string_view secret, std::uint64_t step) {
  constexpr unsigned bits = 8;
  std::string counter(sizeof step, '\0'); // RFC 4226 section 5.2: the most significant byte first
  for (auto at = counter.rbegin(); at != counter.rend(); ++at, step >>= bits)
    *at = static_cast<char>(step & 0xFFU);
  const auto mac = hmac_sha1(secret, counter);
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(mac.at(at)));
  };
  // RFC 4226 section 5.3: 31 bits from where the last four say.
  const auto at = byte(mac.size() - 1) & 0xFU;
  const auto number =
    (byte(at) & 0x7FU) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
  auto text = std::to_string(number % code_limit);
  text.insert(0, digits - text.size(), '0');
  return text;
}

std::optional<std::uint64_t> find_totp_step(std::string_view secret, std::string_view code,
                                            unix_ms now, std::uint64_t last_used) {
  const auto here = static_cast<std::uint64_t>(std::max(now, unix_ms{0})) / step_ms;
  std::optional<std::uint64_t> found;
  for (const auto step : {here + 1, here, here == 0 ? here : here - 1}) {
    const bool is_right = are_equal_secrets(totp_code(secret, step), code);
    if (is_right && step > last_used)
      found = step;
  }
  return found;
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  unsigned waiting = 0; // bits that were read and not written, the newest last
  unsigned count = 0;
  const auto put = [&](unsigned value) {
    out += letters[value & 0x1FU];
  };
  for (const auto c : bytes) {
    waiting = (waiting << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    count += 8;
    for (; count >= bits_per_letter; count -= bits_per_letter)
      put(waiting >> (count - bits_per_letter));
  }
  if (count > 0)
    put(waiting << (bits_per_letter - count));
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  unsigned waiting = 0;
  unsigned count = 0;
  for (const auto c : text) {
    const auto value = letters.find(upper_case(c));
    if (value == std::string_view::npos)
      return std::nullopt;
    waiting = (waiting << bits_per_letter | static_cast<unsigned>(value)) & 0xFFFFU;
    count += bits_per_letter;
    if (count < 8)
      continue;
    count -= 8;
    out += static_cast<char>(waiting >> count & 0xFFU);
  }
  // The bits that fill up the last letter are zeros.
  const bool is_whole = count < bits_per_letter && (waiting & ((1U << count) - 1U)) == 0;
  return is_whole ? std::optional{std::move(out)} : std::nullopt;
}

std::vector<std::string> make_recovery_codes() {
  std::vector<std::string> all;
  while (all.size() < recovery_codes)
    all.push_back(grouped(to_base32(random_bytes(recovery_bytes))));
  return all;
}

std::string digest_of_recovery_code(std::string_view typed) {
  std::string plain;
  for (const auto c : typed)
    if (c != '-' && c != ' ')
      plain += lower_case(c);
  return digest_of_secret(plain);
}

} // namespace mediad
