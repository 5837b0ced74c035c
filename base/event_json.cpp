#include "base/event_json.hpp"

#include "base/record_json.hpp"
#include "base/share_json.hpp"

#include <nlohmann/json.hpp>

namespace mediad {

std::string frame_of(const event& what, std::string_view base_path) {
  using json = nlohmann::ordered_json;
  json frame{{"seq", what.seq}, {"type", what.type}, {"at", to_rfc3339(what.at)}};
  if (!what.share.id.empty()) {
    frame["share"] = public_json(what.share);
  } else if (!what.folder.id.empty()) {
    frame["folder"] = {{"id", what.folder.id},
                       {"parent", what.folder.parent.empty() ? json{} : json(what.folder.parent)},
                       {"name", what.folder.name},
                       {"created_at", to_rfc3339(what.folder.created_at)}};
  } else if (what.file.id.empty()) {
    frame["message"] = what.message;
  } else {
    if (what.type == "file.deleted")
      frame["id"] = what.file_id;
    frame["file"] = public_json(what.file, base_path);
  }
  // Names and messages come from people: bytes that are not UTF-8 must not make dump() throw.
  return frame.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace mediad
