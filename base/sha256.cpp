#include "base/sha256.hpp"

#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <vector>

namespace mediad {

void sha256::free_context::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

sha256::sha256() : context_{EVP_MD_CTX_new()} {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc{};
}

void sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
    throw std::logic_error{"sha256: updated after its end"};
}

std::string sha256::hex() && {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1)
    throw std::logic_error{"sha256: asked twice"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{2} * size);
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest.at(i) >> 4U];
    text += digits[digest.at(i) & 15U];
  }
  return text;
}

result<std::string> sha256_of_file(const std::filesystem::path& file) {
  auto fd = open_file(file, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  constexpr std::size_t block_bytes = 256 * 1024;
  std::vector<char> block(block_bytes);
  sha256 hash;
  for (;;) {
    const auto n = ::read(fd->get(), block.data(), block.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(errno, "read " + file.string());
    if (n == 0)
      return std::move(hash).hex();
    hash.update({block.data(), static_cast<std::size_t>(n)});
  }
}

} // namespace mediad
