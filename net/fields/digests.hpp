#pragma once

#include "base/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

/// Digest fields (RFC 9530): what a client says that bytes are, and what they turn out to be.
namespace mediad::net::fields {

/// Digests of the algorithms that are fit for this (section 5), lower-case hex; empty: not named.
struct announced_digests {
  std::string sha256;
  std::string sha512;

  bool empty() const {
    return sha256.empty() && sha512.empty();
  }
};

/// Reads Content-Digest or Repr-Digest. Algorithms that are not ours are passed over.
/// @param field  nothing: no digests.
/// @returns errc::bad_request for a malformed field, or a digest of a size that its algorithm does
///          not have.
result<announced_digests> parse_digests(const std::optional<std::string>& field);

/// The value of Repr-Digest for these bytes; empty for anything but the hex of a SHA-256.
std::string repr_digest(std::string_view sha256_hex);

/// Checks one request's content while it passes.
class content_check {
public:
  explicit content_check(announced_digests wanted);

  /// There is something to check.
  bool is_needed() const {
    return !wanted_.empty();
  }
  void update(std::string_view bytes);
  /// @returns errc::digest_mismatch if any digest is another than was announced. Call it once.
  result<> finish();

private:
  struct free_context {
    void operator()(evp_md_ctx_st* c) const noexcept;
  };
  using context = std::unique_ptr<evp_md_ctx_st, free_context>;

  announced_digests wanted_;
  context sha256_; ///< Null unless wanted.
  context sha512_;
};

} // namespace mediad::net::fields
