// Fields of requests, read in the server's own process: any text is understood or refused.

#include "net/fields/conditions.hpp"
#include "net/fields/dates.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/field_value.hpp"
#include "net/fields/multipart.hpp"
#include "net/fields/range.hpp"
#include "net/fields/request.hpp"
#include "net/fields/structured.hpp"
#include "net/tus/headers.hpp"

#include <algorithm>
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

void check_dates(std::string_view text) {
  using namespace mediad::net::fields;
  constexpr mediad::unix_ms begin_of_1900 = -2'208'988'800'000;
  constexpr mediad::unix_ms end_of_9999 = 253'402'300'799'999;
  for (const auto date : {parse_file_date(text), parse_rfc3339(text)})
    if (date && (*date < begin_of_1900 || *date > end_of_9999))
      std::abort();
  const auto second = parse_http_date(text);
  if (second && *second % 1000 != 0)
    std::abort();
}

// The lines of the text are the fields, in the order of the struct; an empty line is no field.
void check_conditions(std::string_view text) {
  using namespace mediad::net::fields;
  conditions request;
  for (auto* field : {&request.if_match, &request.if_none_match, &request.if_modified_since,
                      &request.if_unmodified_since, &request.if_range, &request.range}) {
    const auto line = text.substr(0, text.find('\n'));
    if (!line.empty())
      *field = std::string{line};
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  const representation have{"\"a\"", 784'111'777'000, true, 1000};
  for (const bool is_get : {true, false}) {
    const auto chosen = select(request, have, is_get);
    if (chosen.ranges.empty() == (chosen.answer == verdict::part))
      std::abort();
    if (!is_get && (chosen.answer == verdict::part || chosen.answer == verdict::unsatisfiable))
      std::abort();
  }
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
  check_dates(text);
  check_conditions(text);
  check_version(text);
  check_tus(text);
  static_cast<void>(parse_item(text));
  static_cast<void>(parse_dictionary(text));
  static_cast<void>(parse_count(std::string{text}));
  static_cast<void>(parse_digests(std::string{text}));
  return 0;
}
