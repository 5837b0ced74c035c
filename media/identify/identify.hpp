#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/types.hpp"

#include <string>

namespace mediad::media {

/// What a file is, by its bytes alone.
struct identity {
  mediad::profile profile = mediad::profile::other;
  std::string media_type = "application/octet-stream";

  bool operator==(const identity&) const = default;
};

/// Looks at bounded parts of @p file and never at its name. What nothing here decodes is `other`;
/// so is a file of no bytes. Says what a file claims to be, not that it is sound.
/// @returns errc::storage_io if it cannot be read; never an error for its bytes.
result<identity> identify(const opened_file& file);

} // namespace mediad::media
