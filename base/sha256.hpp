#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace mediad {

/// SHA-256 (FIPS 180-4) over bytes that arrive piece by piece.
class sha256 {
public:
  sha256();
  void update(std::string_view bytes);
  /// Lower-case hex of everything so far; the object is spent afterwards.
  std::string hex() &&;

private:
  struct free_context {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

/// Lower-case hex of a whole file, read block by block.
result<std::string> sha256_of_file(const std::filesystem::path& file);

} // namespace mediad
