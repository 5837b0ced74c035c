#include "base/password.hpp"

#include "base/common_passwords.hpp"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <stdexcept>

namespace mediad {

namespace {

constexpr unsigned long long passes = 3;
constexpr std::size_t memory_bytes = std::size_t{64} << 20U;
constexpr std::size_t secret_bytes = 32;

/// Once for the process; any thread may be the first.
bool is_ready() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

/// Opens no account: what an unknown name is compared with.
const std::string& nobodys_hash() {
  static const std::string hash = hash_password(make_secret()).value();
  return hash;
}

std::size_t characters_in(std::string_view utf8) {
  constexpr unsigned mask = 0xC0;
  constexpr unsigned continuation = 0x80;
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & mask) != continuation;
  }));
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

} // namespace

result<> check_new_password(std::string_view password) {
  if (characters_in(password) < min_password_characters)
    return fail(errc::bad_request, "A password has at least "
                                     + std::to_string(min_password_characters) + " characters.");
  if (password.size() > max_password_bytes)
    return fail(errc::bad_request,
                "A password has at most " + std::to_string(max_password_bytes) + " bytes.");
  if (is_common_password(lower_case(password)))
    return fail(errc::bad_request, "Too many people have this password.");
  return {};
}

result<std::string> hash_password(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (!is_ready()
      || crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory_bytes,
                               crypto_pwhash_ALG_ARGON2ID13)
           != 0)
    return fail(errc::internal, "no memory to hash a password");
  return std::string{hash.data()};
}

bool is_password_right(const std::string& hash, std::string_view password) {
  const auto& compared = hash.empty() ? nobodys_hash() : hash;
  return is_ready()
         && crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
}

std::string make_secret() {
  std::array<unsigned char, secret_bytes> bytes{};
  if (!is_ready())
    throw std::runtime_error{"libsodium cannot start"};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char,
             sodium_base64_ENCODED_LEN(secret_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)>
    text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

std::string digest_of_secret(std::string_view secret) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  return digest;
}

bool are_equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace mediad
