#include "net/fields/digests.hpp"

#include "base/sha256.hpp"
#include "net/fields/structured.hpp"

#include <array>
#include <new>
#include <openssl/evp.h>

namespace mediad::net::fields {

namespace {

constexpr std::size_t sha256_bytes = 32;
constexpr std::size_t sha512_bytes = 64;

/// @returns the hex of a digest of @p size bytes, or nothing.
std::optional<std::string> hex_of(const item& value, std::size_t size) {
  const auto* bytes = std::get_if<byte_sequence>(&value);
  if (bytes == nullptr || bytes->value.size() != size)
    return std::nullopt;
  return to_hex(bytes->value);
}

std::string final_hex(EVP_MD_CTX* hash) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(hash, digest.data(), &size);
  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

} // namespace

result<announced_digests> parse_digests(const std::optional<std::string>& field) {
  announced_digests out;
  if (!field)
    return out;
  const auto members = parse_dictionary(*field);
  if (!members)
    return fail(errc::bad_request, "a digest field that is no dictionary");
  for (const auto& [algorithm, value] : *members) {
    const bool is_256 = algorithm == "sha-256";
    if (!is_256 && algorithm != "sha-512")
      continue;
    auto hex = hex_of(value, is_256 ? sha256_bytes : sha512_bytes);
    if (!hex)
      return fail(errc::bad_request, algorithm + " of another size, or no byte sequence");
    (is_256 ? out.sha256 : out.sha512) = std::move(*hex);
  }
  return out;
}

std::string repr_digest(std::string_view sha256_hex) {
  auto bytes = from_hex(sha256_hex);
  if (!bytes || bytes->size() != sha256_bytes)
    return {};
  return "sha-256=" + to_text(byte_sequence{std::move(*bytes)});
}

void content_check::free_context::operator()(EVP_MD_CTX* c) const noexcept {
  EVP_MD_CTX_free(c);
}

content_check::content_check(announced_digests wanted) : wanted_{std::move(wanted)} {
  const auto start = [](const std::string& hex, const EVP_MD* algorithm) {
    if (hex.empty())
      return context{};
    context made{EVP_MD_CTX_new()};
    if (!made || EVP_DigestInit_ex(made.get(), algorithm, nullptr) != 1)
      throw std::bad_alloc{};
    return made;
  };
  sha256_ = start(wanted_.sha256, EVP_sha256());
  sha512_ = start(wanted_.sha512, EVP_sha512());
}

void content_check::update(std::string_view bytes) {
  for (auto* hash : {sha256_.get(), sha512_.get()})
    if (hash != nullptr)
      EVP_DigestUpdate(hash, bytes.data(), bytes.size());
}

result<> content_check::finish() {
  const bool right_256 = !sha256_ || final_hex(sha256_.get()) == wanted_.sha256;
  const bool right_512 = !sha512_ || final_hex(sha512_.get()) == wanted_.sha512;
  if (!right_256 || !right_512)
    return fail(errc::digest_mismatch, "the content is not what its digest says");
  return {};
}

} // namespace mediad::net::fields
