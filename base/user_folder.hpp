#pragma once

#include "base/clock.hpp"

#include <string>

namespace mediad {

/// A folder of a user's. The root folder of a user has no row.
struct folder_row {
  std::string id;     ///< The key; not in the value.
  std::string user;   ///< Id of its owner.
  std::string parent; ///< Id of the folder it is in; empty: the user's root folder.
  std::string name;
  unix_ms created_at = 0;
  std::string unknown{};

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, folder_row& x) {
    return f(x.id, x.user, x.parent, x.name, x.created_at, x.unknown);
  }
};

} // namespace mediad
