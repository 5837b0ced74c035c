#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/share.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mediad::net::shares {

inline constexpr std::size_t max_share_name = 100; ///< Bytes of what a share is called.

/// What guests may send; 0: any number, any profile.
struct sending_limits {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t profiles = 0; ///< As share_row has it.
};

/// What a body says of a share, checked; a member without a value was not in it.
struct wanted_share {
  std::optional<share_allow> allow;
  std::vector<std::string> files; ///< Ids, each once.
  bool names_folder = false;      ///< There is a member `folder`, which own_folder_in() reads.
  std::optional<std::string> name;
  std::optional<unix_ms> expires_at;
  std::optional<std::string> password; ///< Empty: none.
  std::optional<bool> originals;
  std::optional<sending_limits> limits;
};

/// @returns errc::bad_request with a sentence for the client.
result<wanted_share> read_share(const nlohmann::json& body);

} // namespace mediad::net::shares
