#include "actors/protocol.hpp"

#include <algorithm>

namespace mediad {

bool event_filter::wants(const std::string& event_user, const std::string& file_id) const {
  // An event without a user is for all users; one without a file is about no file in particular.
  if (!event_user.empty() && event_user != user)
    return false;
  return files.empty() || file_id.empty()
         || std::find(files.begin(), files.end(), file_id) != files.end();
}

std::string to_string(lane l) {
  return l == lane::preview ? "preview" : "batch";
}

} // namespace mediad
