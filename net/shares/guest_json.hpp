#pragma once

#include "base/record.hpp"
#include "base/share.hpp"

#include <nlohmann/json.hpp>

#include <string>

/// What guests are told: of the sharer nothing, and of the files no more than they may have.
namespace mediad::net::shares {

/// The share itself.
nlohmann::ordered_json share_json(const share_row& share);

/// Where guests find a share.
struct shared_place {
  std::string url;    ///< Path of the share, below which the URLs of its files are.
  std::string folder; ///< Path of the shared folder from its owner's root; empty: none is.
};

/// A file of the share.
nlohmann::ordered_json file_json(const share_row& share, const shared_place& place,
                                 const file_record& file);

/// The largest of what was made of a picture, a sound or a film that is one itself; null if there
/// is none. It stands for the original where that is not shared.
const made_file* find_largest(const file_record& file);

} // namespace mediad::net::shares
