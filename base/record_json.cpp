#include "base/record_json.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mediad {
namespace {

using json = nlohmann::ordered_json;

json media_object(const std::string& text) {
  auto parsed = json::parse(text, nullptr, false);
  return parsed.is_object() ? parsed : json::object();
}

json rendition_json(const std::string& self, const made_file& file) {
  json j{{"name", file.name},
         {"url", self + "/renditions/" + file.name},
         {"media_type", file.media_type}};
  if (file.width != 0) {
    j["width"] = file.width;
    j["height"] = file.height;
  }
  j["bytes"] = file.bytes;
  j["sha256"] = file.sha256;
  return j;
}

json or_null(bool present, json value) {
  return present ? std::move(value) : json(nullptr);
}

json preview_json(const std::string& self, const preview_file& preview) {
  return {{"url", self + "/preview"},     {"media_type", preview.file.media_type},
          {"width", preview.file.width},  {"height", preview.file.height},
          {"bytes", preview.file.bytes},  {"thumbhash", preview.thumbhash},
          {"sha256", preview.file.sha256}};
}

json archive_json(const std::string& self, const made_file& archive, bool is_spliced) {
  return {{"name", archive.name},
          {"url", self + "/archive"},
          {"media_type", archive.media_type},
          {"bytes", archive.bytes},
          {"sha256", or_null(!is_spliced && !archive.sha256.empty(), archive.sha256)}};
}

} // namespace

json public_json(const file_record& r) {
  const auto self = "/v1/files/" + r.id;
  auto renditions = json::array();
  for (const auto& file : r.renditions)
    renditions.push_back(rendition_json(self, file));
  return {{"id", r.id},
          {"progress_id", r.id},
          {"user", r.user_name},
          {"name", r.name},
          {"profile", to_string(r.profile)},
          {"media_type", r.media_type},
          {"bytes", r.bytes},
          {"sha256", r.sha256},
          {"status", to_string(r.state)},
          {"stage", or_null(r.now_at != stage::none, std::string{to_string(r.now_at)})},
          {"progress", r.progress},
          {"attempt", r.attempt},
          {"preview", or_null(r.preview.exists(), preview_json(self, r.preview))},
          {"media", media_object(r.media)},
          {"renditions", std::move(renditions)},
          {"archive",
           or_null(!r.archive.name.empty(), archive_json(self, r.archive, !r.splices.empty()))},
          {"failure", or_null(!r.failure.code.empty(),
                              json{{"code", r.failure.code}, {"message", r.failure.message}})},
          {"links",
           {{"self", self}, {"content", self + "/content"}, {"events", "/v1/events?file=" + r.id}}},
          {"created_at", to_rfc3339(r.created_at)},
          {"updated_at", to_rfc3339(r.updated_at)},
          {"modified_at", or_null(r.modified_at != 0, to_rfc3339(r.modified_at))}};
}

} // namespace mediad
