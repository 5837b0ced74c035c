#pragma once

#include "base/record.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// Everything that can happen to what is stored: values, so that they can wait in a mailbox.
namespace mediad::storage {

/// A body is about to arrive. Creates a `receiving` record and its empty staging file. No event.
struct new_upload {
  std::string user;
  std::string name; ///< As the client says; cleaned (NFC-ish, ≤ 255 bytes, no control characters)
                    ///< before it is kept.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, new_upload& x) {
    return f(x.user, x.name);
  }
};

/// The whole body is in staging and synced. Moves it into the store (or counts one more user of
/// bytes already there), links it into the user's folder. Event `file.registered`. Asking again
/// for a registered id answers with its record and announces nothing.
struct arrival {
  std::string id;
  std::uint64_t bytes = 0;
  std::string sha256;
  profile kind = profile::other;
  std::string media_type;
  std::string media = "{}";

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, arrival& x) {
    return f(x.id, x.bytes, x.sha256, x.kind, x.media_type, x.media);
  }
};

/// A new state without new files: `processing` (which makes the attempt's empty work folder and
/// forgets what earlier attempts published), `failed` or `cancelled` (which remove it).
/// Event `file.processing`, `file.failed`, `file.cancelled`.
/// Errors: conflict if the record is already `ready`, or terminal and not asked to process again.
struct transition {
  std::string id;
  status to = status::processing;
  std::uint32_t attempt = 1;
  failure_reason failure;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, transition& x) {
    return f(x.id, x.to, x.attempt, x.failure);
  }
};

/// The attempt's preview is in its work folder; moves it into place. Event `file.preview`.
struct new_preview {
  std::string id;
  std::uint32_t attempt = 1;
  preview_file preview;          ///< `preview.file.name` is in the work folder.
  profile kind = profile::other; ///< `other`: leave the record's profile as it is.
  std::string media = "{}";      ///< Merged into the record's.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, new_preview& x) {
    return f(x.id, x.attempt, x.preview, x.kind, x.media);
  }
};

/// All of an attempt's files are in its work folder; moves them into place. Event `file.ready`.
struct outcome {
  std::string id;
  std::uint32_t attempt = 1;
  std::vector<made_file> renditions;
  made_file archive;
  std::string media = "{}"; ///< Merged into the record's.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, outcome& x) {
    return f(x.id, x.attempt, x.renditions, x.archive, x.media);
  }
};

/// Removes a record and all that came of it; the bytes go with their last user. Event
/// `file.deleted` unless it was still `receiving`.
struct removal {
  std::string id;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, removal& x) {
    return f(x.id);
  }
};

/// An operator's message. Event `notice`.
struct notice {
  std::string user; ///< Empty: to all.
  std::string text;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, notice& x) {
    return f(x.user, x.text);
  }
};

using change = std::variant<new_upload, arrival, transition, new_preview, outcome, removal, notice>;

} // namespace mediad::storage
