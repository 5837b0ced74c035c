#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/shallow_json.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <nlohmann/json.hpp>

/// What workers say of a file's media: it is untrusted text.
namespace mediad::storage {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t max_media_bytes = 16'384;

/// What a worker says of a file, as an object; null if it is too long, too deep or no object.
json media_object(const std::string& text) {
  return text.size() > max_media_bytes ? json(nullptr) : parse_shallow_object(text);
}

/// The member `taken_at` of @p media, in the years 1800..2200; 0: it is not there, or is none.
unix_ms taken_at_of(const std::string& media) {
  constexpr unix_ms first = -5'364'662'400'000;
  constexpr unix_ms last = 7'289'654'399'999;
  const auto known = media_object(media);
  if (!known.is_object() || !known.contains("taken_at") || !known["taken_at"].is_string())
    return 0;
  const auto taken = parse_rfc3339(known["taken_at"].get<std::string>());
  return taken >= first && taken <= last ? taken : 0;
}

} // namespace

std::string merge_media(const std::string& media, const std::string& more, std::string_view id) {
  auto merged = media_object(media);
  const auto added = media_object(more);
  if (!added.is_object() || !merged.is_object()) {
    log::warning(id, "facts about the media that are no small JSON object: left out");
    return media;
  }
  merged.update(added);
  auto text = merged.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() <= max_media_bytes)
    return text;
  log::warning(id, "too many facts about the media: left out");
  return media;
}

void changer::take_media(file_record& r, const std::string& media) {
  r.media = merge_media(r.media, media, r.id);
  if (media.find("\"taken_at\"") != std::string::npos)
    r.taken_at = taken_at_of(r.media);
}

void changer::take_identity(file_record& r, profile kind, const std::string& media_type,
                            const std::string& media) {
  r.profile = kind;
  if (is_media_type(media_type))
    r.media_type = media_type;
  take_media(r, media);
}

} // namespace mediad::storage
