#include "actors/uploads/messages.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mediad::actors {

bool has_preview(profile kind) {
  return kind != profile::other;
}

bool is_unidentified(const file_record& r) {
  return r.state == status::registered && r.profile == profile::other
         && r.media_type == unknown_media_type;
}

storage::arrival arrival_of(const received_body& body, const media::job_result& found) {
  storage::arrival a;
  a.id = body.id;
  a.bytes = body.bytes;
  a.sha256 = body.sha256;
  a.profile = found.profile;
  a.media_type = found.media_type;
  a.profiles = body.profiles;
  a.fresh = body.fresh;
  a.replaces_stored = body.replaces_stored;
  return a;
}

storage::new_preview early_preview_of(const received_body& body, media::job_result made) {
  storage::new_preview p;
  p.id = body.id;
  p.is_early = true;
  p.profile = made.profile;
  p.media = std::move(made.media);
  p.preview.thumbhash = std::move(made.thumbhash);
  if (!made.files.empty())
    p.preview.file = std::move(made.files.front());
  return p;
}

storage::new_preview preview_of(const file_record& r, preview_made made) {
  storage::new_preview p;
  p.id = r.id;
  p.attempt = r.attempt;
  p.preview = std::move(made.preview);
  p.profile = made.profile;
  p.media = std::move(made.media);
  return p;
}

live_event progress_event(const file_record& record, const stage_progress& made,
                          std::optional<std::int64_t> seconds_left) {
  live_event e;
  e.type = "file.progress";
  e.file_id = record.id;
  e.user = record.user;
  nlohmann::ordered_json text{{"type", e.type}, {"id", record.id}};
  text["stage"] = to_string(made.now_at);
  text["progress"] = made.fraction;
  if (seconds_left)
    text["seconds_left"] = *seconds_left;
  e.text = text.dump();
  return e;
}

} // namespace mediad::actors
