#include "command/sample_check.hpp"

#include "base/file.hpp"
#include "command/client.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::command {

namespace {

using nlohmann::json;

/// The body of a URL that must be there.
result<std::string> fetch(const instance& running, const std::string& target) {
  auto answer = request(running.address(), "GET", target);
  if (!answer)
    return fail(answer.error());
  if (answer->status != 200)
    return fail(errc::internal, target + " answers " + std::to_string(answer->status));
  return std::move(answer->body);
}

/// Fetches a derived file that a record names.
/// @param start  what its bytes begin with, whatever is in it.
result<> check_made(const instance& running, const json& made, std::string_view start) {
  if (!made.is_object())
    return fail(errc::internal, "it is missing");
  const auto bytes = fetch(running, made.value("url", std::string{}));
  if (!bytes)
    return fail(bytes.error());
  if (bytes->empty() || bytes->compare(0, start.size(), start) != 0)
    return fail(errc::internal, "its bytes are not what they should be");
  if (made.contains("bytes") && made["bytes"] != bytes->size())
    return fail(errc::internal, "it has " + std::to_string(bytes->size())
                                  + " bytes, the record says " + made["bytes"].dump());
  return {};
}

result<> check_state(const json& record, const sample& file) {
  if (record.value("status", std::string{}) != "ready")
    return fail(errc::internal, "it is " + record.value("status", std::string{"nowhere"}) + ": "
                                  + record.value("failure", json{}).dump());
  const std::string wanted{to_string(file.profile)};
  if (record.value("profile", std::string{}) != wanted)
    return fail(errc::internal,
                "it was taken for " + record.value("profile", std::string{}) + ", not " + wanted);
  return {};
}

result<> check_renditions(const instance& running, const json& renditions, const sample& file) {
  for (const auto& made : renditions)
    if (auto sound = check_made(running, made, ""); !sound)
      return fail(errc::internal, made.value("name", std::string{}) + ": " + sound.error().detail);
  for (const auto& name : file.promised) {
    const auto has_name = [&](const json& made) {
      return made.value("name", std::string{}) == name;
    };
    if (std::none_of(renditions.begin(), renditions.end(), has_name))
      return fail(errc::internal, std::string{name} + " was not made");
  }
  return {};
}

/// @returns a sentence about what was made.
result<std::string> check_all(const instance& running, const sent_sample& sent) {
  const auto text = fetch(running, "/v1/files/" + sent.id);
  if (!text)
    return fail(text.error());
  const auto record = json::parse(*text, nullptr, false);
  if (!record.is_object())
    return fail(errc::internal, "its record is no JSON object");
  if (auto sound = check_state(record, sent.file); !sound)
    return fail(sound.error());
  const auto original = fetch(running, "/v1/files/" + sent.id + "/content");
  if (!original || *original != sent.file.bytes)
    return fail(errc::internal,
                "the original: "
                  + (original ? "other bytes than were sent" : original.error().detail));
  const auto preview = record.value("preview", json{});
  std::string made = "ready";
  if (sent.file.has_preview) {
    if (auto sound = check_made(running, preview, "RIFF"); !sound)
      return fail(errc::internal, "the preview: " + sound.error().detail);
    made += ", preview " + preview["width"].dump() + "x" + preview["height"].dump();
  }
  const auto renditions = record.value("renditions", json::array());
  if (auto sound = check_renditions(running, renditions, sent.file); !sound)
    return fail(sound.error());
  if (auto sound = check_made(running, record.value("archive", json{}), "PK"); !sound)
    return fail(errc::internal, "the archive: " + sound.error().detail);
  return made + ", " + std::to_string(renditions.size()) + " renditions, archive";
}

std::size_t count_files(const std::filesystem::path& folder) {
  std::size_t count = 0;
  std::error_code failed;
  for (std::filesystem::recursive_directory_iterator it{folder, failed}, end; !failed && it != end;
       it.increment(failed))
    count += it->is_regular_file(failed) ? 1 : 0;
  return count;
}

} // namespace

void check_sample(const instance& running, const sent_sample& sent, report& r) {
  const auto check =
    std::string{to_string(sent.file.profile)} + " (" + std::string{sent.file.name} + ")";
  try {
    if (const auto made = check_all(running, sent))
      r.ok(check, *made);
    else
      r.failed(check, made.error().detail);
  } catch (const json::exception& e) {
    r.failed(check, std::string{"its record has another shape than it should: "} + e.what());
  }
}

void check_user_folders(const std::filesystem::path& root, const std::string& user,
                        const std::vector<sent_sample>& sent, report& r) {
  const auto home = root / "users" / user;
  for (const auto& one : sent) {
    const auto file = home / "originals" / one.file.name;
    const auto bytes = read_file(file, one.file.bytes.size());
    if (!bytes || *bytes != one.file.bytes)
      return r.failed("user's folder",
                      file.string() + ": "
                        + (bytes ? "other bytes than were sent" : bytes.error().detail));
  }
  const auto previews = static_cast<std::size_t>(std::count_if(
    sent.begin(), sent.end(), [](const sent_sample& s) { return s.file.has_preview; }));
  if (count_files(home / "previews") != previews)
    return r.failed("user's folder", "previews holds "
                                       + std::to_string(count_files(home / "previews"))
                                       + " files instead of " + std::to_string(previews));
  if (count_files(home / "archives") != sent.size())
    return r.failed("user's folder", "archives holds "
                                       + std::to_string(count_files(home / "archives"))
                                       + " files instead of " + std::to_string(sent.size()));
  r.ok("user's folder", std::to_string(sent.size()) + " originals under their real names, "
                          + std::to_string(count_files(home / "renditions")) + " renditions");
}

} // namespace mediad::command
