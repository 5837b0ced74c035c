#include "net/tus/checksum.hpp"

#include <array>
#include <new>
#include <openssl/evp.h>

namespace mediad::net::tus {

namespace {

struct row {
  std::string_view name;
  std::size_t bytes;
  const EVP_MD* (*method)(); ///< Null for CRC-32.
};

constexpr std::array<row, checksum_algorithm_count> rows{{
  {"sha1", 20, EVP_sha1},
  {"sha256", 32, EVP_sha256},
  {"sha512", 64, EVP_sha512},
  {"md5", 16, EVP_md5},
  {"crc32", 4, nullptr},
}};

const row& row_of(checksum_algorithm how) {
  return rows.at(static_cast<std::size_t>(how));
}

} // namespace

std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name)
      return static_cast<checksum_algorithm>(i);
  return std::nullopt;
}

std::size_t digest_size(checksum_algorithm how) {
  return row_of(how).bytes;
}

void checksum::free_context::operator()(evp_md_ctx_st* c) const noexcept {
  EVP_MD_CTX_free(c);
}

checksum::checksum(checksum_algorithm how) {
  const auto method = row_of(how).method;
  if (method == nullptr)
    return;
  context_.reset(EVP_MD_CTX_new());
  if (!context_ || EVP_DigestInit_ex(context_.get(), method(), nullptr) != 1)
    throw std::bad_alloc{}; // there is no other way for these to fail
}

void checksum::update(std::string_view bytes) {
  if (context_)
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  else
    crc_.process_bytes(bytes.data(), bytes.size());
}

std::string checksum::finish() {
  std::string out;
  if (!context_) {
    for (unsigned shift = 32; shift > 0; shift -= 8)
      out += static_cast<char>((crc_.checksum() >> (shift - 8)) & 255U);
    return out;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned n = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &n);
  out.assign(reinterpret_cast<const char*>(digest.data()), n);
  return out;
}

} // namespace mediad::net::tus
