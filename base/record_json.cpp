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

json public_json(const file_record& record, std::string_view base_path) {
  const auto root = std::string{base_path} + "/v1";
  const auto self = root + "/files/" + record.id;
  auto renditions = json::array();
  for (const auto& file : record.renditions)
    renditions.push_back(rendition_json(self, file));
  return {
    {"id", record.id},
    {"progress_id", record.id},
    {"user", record.user_name},
    {"name", record.name},
    {"profile", to_string(record.profile)},
    {"media_type", record.media_type},
    {"bytes", record.bytes},
    {"sha256", record.sha256},
    {"status", to_string(record.state)},
    {"stage", or_null(record.now_at != stage::none, std::string{to_string(record.now_at)})},
    {"progress", record.progress},
    {"attempt", record.attempt},
    {"preview", or_null(record.preview.exists(), preview_json(self, record.preview))},
    {"media", media_object(record.media)},
    {"renditions", std::move(renditions)},
    {"archive", or_null(!record.archive.name.empty(),
                        archive_json(self, record.archive, !record.splices.empty()))},
    {"failure", or_null(!record.failure.code.empty(),
                        json{{"code", record.failure.code}, {"message", record.failure.message}})},
    {"links",
     {{"self", self},
      {"content", self + "/content"},
      {"events", root + "/events?file=" + record.id}}},
    {"created_at", to_rfc3339(record.created_at)},
    {"updated_at", to_rfc3339(record.updated_at)},
    {"modified_at", or_null(record.modified_at != 0, to_rfc3339(record.modified_at))},
    {"taken_at", or_null(record.taken_at != 0, to_rfc3339(record.taken_at))}};
}

} // namespace mediad
