#pragma once

#include <boost/crc.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace mediad::net::tus {

/// What a tus client may check its bytes with.
enum class checksum_algorithm : std::uint8_t { sha1, sha256, sha512, md5, crc32 };

inline constexpr std::size_t checksum_algorithm_count = 5;
/// Names in the order of the enumerators, as `Tus-Checksum-Algorithm` wants them.
inline constexpr std::string_view checksum_algorithm_names = "sha1,sha256,sha512,md5,crc32";

std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name);
/// Bytes of its digest.
std::size_t digest_size(checksum_algorithm how);

/// One checksum over bytes that pass.
class checksum {
public:
  explicit checksum(checksum_algorithm how);

  void update(std::string_view bytes);
  /// The digest's bytes; of CRC-32 (ISO 3309, as in zlib) the four in network order. Call it once.
  std::string finish();

private:
  struct free_context {
    void operator()(evp_md_ctx_st* c) const noexcept;
  };

  std::unique_ptr<evp_md_ctx_st, free_context> context_; ///< Null for CRC-32.
  boost::crc_32_type crc_;
};

} // namespace mediad::net::tus
