#pragma once

#include "base/error.hpp"
#include "base/upload.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What the tables of resumable uploads and of request keys hold.
namespace mediad::storage {

/// The files that one request created.
struct key_row {
  std::string fingerprint;
  std::string request;
  std::vector<std::string> files; ///< Ids, in the order of the request.
  unix_ms created_at = 0;
};

std::string encode(const upload_state& u);
/// @returns errc::internal for anything that encode() did not write.
result<upload_state> parse_upload(std::string_view value);

std::string encode(const key_row& k);
result<key_row> parse_key_row(std::string_view value);

} // namespace mediad::storage
