#pragma once

#include "base/clock.hpp"
#include "net/fields/range.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::net::fields {

/// What there is to be had, as far as conditions compare it.
struct representation {
  std::string etag;                ///< Strong ETag, with its quotes.
  unix_ms modified = 0;            ///< Date as sent in `Last-Modified`.
  bool modified_is_strong = false; ///< The bytes never change, so a date identifies them too.
  std::uint64_t size = 0;
};

/// The fields of a GET or HEAD that decide what of it is sent; nothing where the field is absent.
/// Several fields of one name are joined with commas first (RFC 9110 section 5.3).
struct conditions {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<std::string> if_modified_since;
  std::optional<std::string> if_unmodified_since;
  std::optional<std::string> if_range;
  std::optional<std::string> range;
};

enum class verdict {
  whole,         ///< 200
  part,          ///< 206 with selection::ranges
  not_modified,  ///< 304
  mismatch,      ///< 412
  unsatisfiable, ///< 416
};

struct selection {
  verdict answer = verdict::whole;
  std::vector<byte_range> ranges; ///< Set for verdict::part only.
};

/// Weighs all conditions in the order of RFC 9110 section 13.2.2.
/// @param is_get  false for HEAD, for which `Range` means nothing (section 14.2).
selection select(const conditions& request, const representation& have, bool is_get);

} // namespace mediad::net::fields
