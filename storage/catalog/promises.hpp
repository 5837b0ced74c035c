#pragma once

#include "base/error.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/paths.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mediad::storage {

/// What the rows promise to be at one place.
struct promise {
  enum class kind { nothing, folder, file };

  kind what = kind::nothing;
  std::uint64_t bytes = 0; ///< Length of a file.
  /// For a file that a person sees: where it is in the store.
  std::optional<place> stored;
};

/// What the rows promise at a place in the store or in people's folders.
/// @returns nothing for any other place, such as a shard, or the own folder of a user
///          that there is.
result<std::optional<promise>> promised_at(const catalog_reader& rows, const place& where);

/// Length of an archive's own file, without what is spliced into it while it is sent.
/// @returns errc::internal for a record that contradicts itself.
result<std::uint64_t> own_bytes_of_archive(const file_record& r);

/// A file that was made of another: where it is, and what the record says of it.
struct made_place {
  place stored;
  std::optional<place> shown; ///< The name in the user's folder, if there is one.
  std::uint64_t bytes = 0;    ///< Length of the stored file.
  std::string sha256;         ///< Digest of the stored file.
};

/// Everything that was made of a file, as its record says.
result<std::vector<made_place>> made_places(const file_record& r);

} // namespace mediad::storage
