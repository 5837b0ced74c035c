#include "base/event_json.hpp"

#include "base/record_json.hpp"

#include <nlohmann/json.hpp>

namespace mediad {

std::string frame_of(const event& e) {
  using json = nlohmann::ordered_json;
  json frame{{"seq", e.seq}, {"type", e.type}, {"at", to_rfc3339(e.at)}};
  if (e.file.id.empty()) {
    frame["message"] = e.message;
  } else {
    if (e.type == "file.deleted")
      frame["id"] = e.file_id;
    frame["file"] = public_json(e.file);
  }
  // Names and messages come from people: bytes that are not UTF-8 must not make dump() throw.
  return frame.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace mediad
