#include "net/shares/guest_json.hpp"

#include "base/share_json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace mediad::net::shares {

using nlohmann::ordered_json;

namespace {

/// Members of `media` that say nothing of where, when and with what a file was made.
constexpr std::array<std::string_view, 9> harmless{"width",       "height",      "orientation",
                                                   "duration",    "fps",         "rotation",
                                                   "video_codec", "audio_codec", "pages"};

ordered_json media_of(const share_row& share, const file_record& file) {
  auto all = ordered_json::parse(file.media, nullptr, false);
  if (!all.is_object())
    return ordered_json::object();
  if (share.originals && share.allow == share_allow::download)
    return all;
  auto some = ordered_json::object();
  for (const auto& [name, value] : all.items())
    if (std::find(harmless.begin(), harmless.end(), name) != harmless.end()
        && (value.is_number() || value.is_string()))
      some[name] = value;
  return some;
}

ordered_json made_json(const made_file& made, const std::string& url) {
  ordered_json one{{"name", made.name}, {"url", url}, {"media_type", made.media_type}};
  if (made.width != 0) {
    one["width"] = made.width;
    one["height"] = made.height;
  }
  one["bytes"] = made.bytes;
  return one;
}

std::uint64_t pixels(const made_file& made) {
  return std::uint64_t{made.width} * made.height;
}

/// `image/`, of the file's own kind; empty for a kind of which nothing else of that kind is made.
std::string_view family_of(profile kind) {
  switch (kind) {
  case profile::image: return "image/";
  case profile::video: return "video/";
  case profile::audio: return "audio/";
  case profile::other:
  case profile::document: break;
  }
  return {};
}

/// Path of a file's folder from the one that is shared; null if none is.
ordered_json folder_within(const shared_place& place, const file_record& file) {
  if (place.folder.empty())
    return {};
  const auto& whole = file.folder_path;
  return whole.size() > place.folder.size() ? whole.substr(place.folder.size() + 1) : "";
}

} // namespace

ordered_json share_json(const share_row& share) {
  ordered_json told{{"name", share.name}, {"allow", to_string(share.allow)}};
  told["live"] = !share.folder.empty();
  told["expires_at"] = nullptr;
  if (share.expires_at != 0)
    told["expires_at"] = to_rfc3339(share.expires_at);
  if (share.allow != share_allow::upload)
    return told;
  const auto left = [](std::uint64_t most, std::uint64_t sent) {
    return most == 0 ? ordered_json{} : ordered_json(most - std::min(most, sent));
  };
  told["left"] = {{"files", left(share.max_files, share.sent_files)},
                  {"bytes", left(share.max_bytes, share.sent_bytes)},
                  {"profiles", profiles_of(share)}};
  return told;
}

const made_file* find_largest(const file_record& file) {
  const auto family = family_of(file.profile);
  const made_file* largest = nullptr;
  for (const auto& one : file.renditions) {
    if (family.empty() || !std::string_view{one.media_type}.starts_with(family))
      continue;
    const auto size = std::pair{pixels(one), one.bytes};
    if (largest == nullptr || size > std::pair{pixels(*largest), largest->bytes})
      largest = &one;
  }
  return largest;
}

ordered_json file_json(const share_row& share, const shared_place& place, const file_record& file) {
  const auto self = place.url + "/files/" + file.id;
  ordered_json told{{"id", file.id},
                    {"name", file.name},
                    {"folder", folder_within(place, file)},
                    {"profile", to_string(file.profile)},
                    {"media_type", file.media_type},
                    {"status", to_string(file.state)},
                    {"preview", nullptr},
                    {"media", media_of(share, file)},
                    {"renditions", ordered_json::array()},
                    {"content", nullptr},
                    {"archive", nullptr}};
  if (file.preview.exists()) {
    told["preview"] = made_json(file.preview.file, self + "/preview");
    told["preview"]["thumbhash"] = file.preview.thumbhash;
  }
  for (const auto& made : file.renditions)
    told["renditions"].push_back(made_json(made, self + "/renditions/" + made.name));
  if (share.allow != share_allow::download)
    return told;
  const bool has_bytes = file.state != status::receiving;
  if (has_bytes && (share.originals || find_largest(file) != nullptr))
    told["content"] = self + "/content";
  if (share.originals && !file.archive.name.empty())
    told["archive"] = self + "/archive";
  return told;
}

} // namespace mediad::net::shares
