#pragma once

#include "actors/protocol.hpp"
#include "base/record.hpp"
#include "storage/changes.hpp"

#include <cstdint>
#include <optional>

/// What a supervisor says: to the storage owner, and to sessions that watch its file.
namespace mediad::actors {

/// What a file is that no worker can identify.
inline constexpr const char* unknown_media_type = "application/octet-stream";

/// Whether files of this kind get a preview.
bool has_preview(profile kind);

/// Whether no worker has looked at the bytes of a record yet, or none could tell what they are: so
/// it is with those that a restore of the database has taken in again.
bool is_unidentified(const file_record& r);

/// The change that registers a whole body, with what was found in it but for its media.
storage::arrival arrival_of(const received_body& body, const media::job_result& found);

/// The preview that was made while it arrived.
storage::new_preview early_preview_of(const received_body& body, media::job_result made);

/// The preview that the file's attempt of the moment has made.
storage::new_preview preview_of(const file_record& r, preview_made made);

/// `file.progress`. @param seconds_left  nothing: not known.
live_event progress_event(const file_record& r, const stage_progress& p,
                          std::optional<std::int64_t> seconds_left);

} // namespace mediad::actors
