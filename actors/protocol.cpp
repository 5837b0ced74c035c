#include "actors/protocol.hpp"

#include <algorithm>

namespace mediad {

namespace {

bool has(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

bool event_filter::wants(const event& e) const {
  // An event without a user is for all users; one without a file is about no file in particular.
  if (!e.user.empty() && e.user != user && !has(e.hearers, user))
    return false;
  if (!folder.empty() && !e.file_id.empty() && !has(e.folders, folder))
    return false;
  return files.empty() || e.file_id.empty() || has(files, e.file_id);
}

bool event_filter::wants(const live_event& e) const {
  return e.user == user && (files.empty() ? folder.empty() : has(files, e.file_id));
}

std::string to_string(lane l) {
  return l == lane::preview ? "preview" : "batch";
}

} // namespace mediad
