#include "storage/migration/schema1.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace mediad::storage::schema1 {
namespace {

using json = nlohmann::ordered_json;

constexpr char separator = '\0';
/// What previews were called; the frames of events do not say it.
constexpr const char* preview_name = "preview.webp";

made_file parse_file(const json& stored) {
  made_file file;
  file.name = stored.value("name", "");
  file.media_type = stored.at("media_type").get<std::string>();
  file.width = stored.value("width", 0U);
  file.height = stored.value("height", 0U);
  file.bytes = stored.at("bytes").get<std::uint64_t>();
  if (const auto& digest = stored.at("sha256"); !digest.is_null())
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

void parse_public(const json& stored, file_record& record) {
  record.id = stored.at("id").get<std::string>();
  record.user = stored.at("user").get<std::string>();
  record.name = stored.at("name").get<std::string>();
  record.profile = parse_word<profile>(stored.at("profile"), parse_profile);
  record.media_type = stored.at("media_type").get<std::string>();
  record.bytes = stored.at("bytes").get<std::uint64_t>();
  record.sha256 = stored.at("sha256").get<std::string>();
  record.state = parse_word<status>(stored.at("status"), parse_status);
  if (const auto& word = stored.at("stage"); !word.is_null())
    record.now_at = parse_word<stage>(word, parse_stage);
  record.progress = stored.at("progress").get<double>();
  record.attempt = stored.at("attempt").get<std::uint32_t>();
  if (const auto& preview = stored.at("preview"); !preview.is_null()) {
    record.preview.file = parse_file(preview);
    record.preview.file.name = preview_name;
    record.preview.thumbhash = preview.at("thumbhash").get<std::string>();
  }
  record.media = stored.at("media").dump();
  for (const auto& item : stored.at("renditions"))
    record.renditions.push_back(parse_file(item));
  if (const auto& archive = stored.at("archive"); !archive.is_null())
    record.archive = parse_file(archive);
  if (const auto& failure = stored.at("failure"); !failure.is_null())
    record.failure = {failure.at("code").get<std::string>(),
                      failure.at("message").get<std::string>()};
  record.created_at = parse_rfc3339(stored.at("created_at").get<std::string>());
  record.updated_at = parse_rfc3339(stored.at("updated_at").get<std::string>());
}

void parse_private(const json& stored, file_record& record) {
  const auto& hidden = stored.at("private");
  record.seq = hidden.at("seq").get<std::uint64_t>();
  record.link_name = hidden.at("link_name").get<std::string>();
  record.request_key = hidden.value("request_key", "");
  record.is_part = hidden.value("is_part", false);
  if (hidden.contains("splices")) {
    record.archive.sha256 = hidden.at("archive_sha256").get<std::string>();
    for (const auto& row : hidden.at("splices"))
      record.splices.push_back({row.at(0).get<std::uint64_t>(),
                                row.at(1).get<std::string>(),
                                row.at(2).get<std::uint64_t>(),
                                {}});
  }
  if (record.preview.exists())
    record.preview.file.name = hidden.at("preview_name").get<std::string>();
}

template <class Read>
auto parse(std::string_view value, Read read) -> result<decltype(read(json{}))> {
  try {
    return read(json::parse(value));
  } catch (const std::exception& e) {
    return fail(errc::internal, std::string{"a damaged row: "} + e.what());
  }
}

/// What a frame said, as facts.
void parse_frame(const json& frame, event& e) {
  e.at = parse_rfc3339(frame.at("at").get<std::string>());
  if (const auto file = frame.find("file"); file != frame.end())
    parse_public(*file, e.file);
  else
    e.message = frame.at("message").get<std::string>();
}

} // namespace

result<file_record> parse_record(std::string_view value) {
  return parse(value, [](const json& j) {
    file_record r;
    parse_public(j, r);
    parse_private(j, r);
    return r;
  });
}

result<blob> parse_blob(std::string_view value) {
  constexpr auto number_bytes = sizeof(std::uint64_t);
  const auto bytes = parse_number_key(value.substr(0, number_bytes));
  const auto users = parse_number_key(value.substr(std::min(value.size(), number_bytes)));
  if (!bytes || !users)
    return fail(errc::internal, "a damaged row");
  blob b;
  b.bytes = *bytes;
  b.users = *users;
  return b;
}

result<upload_state> parse_upload(std::string_view value) {
  return parse(value, [](const json& j) {
    upload_state u;
    u.id = j.at("id").get<std::string>();
    u.user = j.at("user").get<std::string>();
    u.length = j.at("length").get<std::uint64_t>();
    u.offset = j.at("offset").get<std::uint64_t>();
    u.hash = j.at("hash").get<std::string>();
    u.complete = j.at("complete").get<bool>();
    u.metadata = j.at("metadata").get<std::string>();
    u.concat = j.at("concat").get<std::string>();
    u.parts = j.at("parts").get<std::vector<std::string>>();
    u.wanted_sha256 = j.at("wanted_sha256").get<std::string>();
    u.expires_at = j.at("expires_at").get<unix_ms>();
    return u;
  });
}

result<key_row> parse_key_row(std::string_view value) {
  return parse(value, [](const json& j) {
    key_row k;
    k.fingerprint = j.at("fingerprint").get<std::string>();
    k.request = j.at("request").get<std::string>();
    k.files = j.at("files").get<std::vector<std::string>>();
    k.created_at = j.at("created_at").get<unix_ms>();
    return k;
  });
}

result<event> parse_event(std::string_view key, std::string_view value) {
  const auto seq = parse_number_key(key);
  if (!seq)
    return fail(seq.error());
  event e;
  e.seq = *seq;
  for (auto* word : std::array<std::string*, 3>{&e.type, &e.file_id, &e.user}) {
    const auto end = value.find(separator);
    if (end == std::string_view::npos)
      return fail(errc::internal, "a damaged row");
    *word = value.substr(0, end);
    value.remove_prefix(end + 1);
  }
  return parse(value, [&e](const json& frame) {
    parse_frame(frame, e);
    return std::move(e);
  });
}

result<std::uint64_t> last_seq(const lmdb::read_txn& txn, MDB_dbi meta) {
  const auto value = txn.get(meta, "last_seq");
  if (!value)
    return fail(value.error());
  return *value ? parse_number_key(**value) : result<std::uint64_t>{0};
}

std::string_view user_of(std::string_view key) {
  return key.substr(0, key.find(separator));
}

std::string_view after_user(std::string_view key) {
  return key.substr(std::min(key.size(), user_of(key).size() + 1));
}

} // namespace mediad::storage::schema1
