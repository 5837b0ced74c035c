// Fields of requests, read in the server's own process: any text is understood or refused.

#include "net/fields/digests.hpp"
#include "net/fields/field_value.hpp"
#include "net/fields/multipart.hpp"
#include "net/fields/range.hpp"
#include "net/fields/request.hpp"
#include "net/fields/structured.hpp"
#include "net/tus/headers.hpp"

#include <cstdlib>

namespace {

void check_ranges(std::string_view text, std::uint64_t size) {
  const auto ranges = mediad::net::fields::parse_range(text, size);
  if (!ranges)
    return;
  if (ranges->size() > mediad::net::fields::max_ranges)
    std::abort();
  for (const auto& range : *ranges)
    if (range.size == 0 || range.first >= size || range.size > size - range.first)
      std::abort();
}

void check_version(std::string_view text) {
  std::string lowered{text};
  mediad::net::fields::lower_version(lowered);
  int changed = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    changed += text[i] != lowered[i];
  if (changed > 1)
    std::abort();
}

void check_tus(std::string_view text) {
  using namespace mediad::net::tus;
  constexpr std::size_t max_parts = 16;
  static_cast<void>(parse_number("Upload-Length", text));
  static_cast<void>(parse_metadata(text));
  const auto checksum = parse_checksum(text);
  if (checksum && checksum->digest.size() != digest_size(checksum->how))
    std::abort();
  const auto concat = parse_concat(text, max_parts);
  if (concat && (concat->parts.size() > max_parts || concat->is_partial != concat->parts.empty()))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace mediad::net::fields;
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto field = parse_field_value(text))
    static_cast<void>(file_name(*field));
  static_cast<void>(multipart_boundary(text));
  static_cast<void>(parse_target(text));
  for (const std::uint64_t of : {0ULL, 1ULL, 1000ULL, ~0ULL >> 1U})
    check_ranges(text, of);
  check_version(text);
  check_tus(text);
  static_cast<void>(parse_item(text));
  static_cast<void>(parse_dictionary(text));
  static_cast<void>(parse_count(std::string{text}));
  static_cast<void>(parse_digests(std::string{text}));
  return 0;
}
