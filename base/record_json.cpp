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
          {"sha256", or_null(!is_spliced, archive.sha256)}};
}

made_file parse_file(const json& j) {
  made_file file;
  file.name = j.value("name", "");
  file.media_type = j.at("media_type").get<std::string>();
  file.width = j.value("width", 0U);
  file.height = j.value("height", 0U);
  file.bytes = j.at("bytes").get<std::uint64_t>();
  if (const auto& digest = j.at("sha256"); !digest.is_null())
    file.sha256 = digest.get<std::string>();
  return file;
}

template <class T, class Parse>
T parse_word(const json& j, Parse parse) {
  const auto value = parse(j.get_ref<const std::string&>());
  if (!value)
    throw std::invalid_argument{"unknown word " + j.dump()};
  return *value;
}

void parse_public(const json& j, file_record& r) {
  r.id = j.at("id").get<std::string>();
  r.user = j.at("user").get<std::string>();
  r.name = j.at("name").get<std::string>();
  r.profile = parse_word<profile>(j.at("profile"), parse_profile);
  r.media_type = j.at("media_type").get<std::string>();
  r.bytes = j.at("bytes").get<std::uint64_t>();
  r.sha256 = j.at("sha256").get<std::string>();
  r.state = parse_word<status>(j.at("status"), parse_status);
  if (const auto& word = j.at("stage"); !word.is_null())
    r.now_at = parse_word<stage>(word, parse_stage);
  r.progress = j.at("progress").get<double>();
  r.attempt = j.at("attempt").get<std::uint32_t>();
  r.media = j.at("media").dump();
  for (const auto& item : j.at("renditions"))
    r.renditions.push_back(parse_file(item));
  if (const auto& archive = j.at("archive"); !archive.is_null())
    r.archive = parse_file(archive);
  if (const auto& failure = j.at("failure"); !failure.is_null())
    r.failure = {failure.at("code").get<std::string>(), failure.at("message").get<std::string>()};
  r.created_at = parse_rfc3339(j.at("created_at").get<std::string>());
  r.updated_at = parse_rfc3339(j.at("updated_at").get<std::string>());
}

void parse_private(const json& stored, file_record& r) {
  const auto& hidden = stored.at("private");
  r.seq = hidden.at("seq").get<std::uint64_t>();
  r.link_name = hidden.at("link_name").get<std::string>();
  r.request_key = hidden.value("request_key", "");
  r.is_part = hidden.value("is_part", false);
  if (hidden.contains("splices")) {
    r.archive.sha256 = hidden.at("archive_sha256").get<std::string>();
    for (const auto& row : hidden.at("splices"))
      r.splices.push_back({row.at(0).get<std::uint64_t>(), row.at(1).get<std::string>(),
                           row.at(2).get<std::uint64_t>()});
  }
  if (const auto& preview = stored.at("preview"); !preview.is_null()) {
    r.preview.file = parse_file(preview);
    r.preview.file.name = hidden.at("preview_name").get<std::string>();
    r.preview.thumbhash = preview.at("thumbhash").get<std::string>();
  }
}

} // namespace

json public_json(const file_record& r) {
  const auto self = "/v1/files/" + r.id;
  auto renditions = json::array();
  for (const auto& file : r.renditions)
    renditions.push_back(rendition_json(self, file));
  return {{"id", r.id},
          {"progress_id", r.id},
          {"user", r.user},
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
          {"updated_at", to_rfc3339(r.updated_at)}};
}

std::string stored_json(const file_record& r) {
  auto j = public_json(r);
  j["private"] = {
    {"seq", r.seq}, {"link_name", r.link_name}, {"preview_name", r.preview.file.name}};
  if (!r.request_key.empty())
    j["private"]["request_key"] = r.request_key;
  if (r.is_part)
    j["private"]["is_part"] = true;
  if (!r.splices.empty())
    j["private"]["archive_sha256"] = r.archive.sha256;
  for (const auto& s : r.splices)
    j["private"]["splices"].push_back({s.at, s.file, s.bytes});
  // Names come from clients: bytes that are not UTF-8 must not make dump() throw.
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

result<file_record> parse_stored(std::string_view text) {
  try {
    const auto j = json::parse(text);
    file_record record;
    parse_public(j, record);
    parse_private(j, record);
    return record;
  } catch (const std::exception& e) {
    return fail(errc::internal, std::string{"stored record: "} + e.what());
  }
}

} // namespace mediad
