#pragma once

#include "base/clock.hpp"
#include "base/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mediad {

/// One file derived from an upload, as a worker made it.
struct made_file {
  std::string name; ///< A plain file name, unique within its record.
  std::string media_type;
  std::uint32_t width = 0; ///< Pixels; 0 where the word means nothing.
  std::uint32_t height = 0;
  std::uint64_t bytes = 0;
  std::string sha256;    ///< Lower-case hex; the ETag.
  std::string unknown{}; ///< The same as file_record::unknown.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, made_file& x) {
    return f(x.name, x.media_type, x.width, x.height, x.bytes, x.sha256, x.unknown);
  }
};

/// Bytes that belong into an archive and were not copied into it: all of another stored file.
struct splice {
  std::uint64_t at = 0;    ///< Offset in the archive's own file before which they are inserted.
  std::string file;        ///< A rendition's name; empty: the original.
  std::uint64_t bytes = 0; ///< The file's length.
  std::string unknown{};   ///< The same as file_record::unknown.

  bool operator==(const splice&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, splice& x) {
    return f(x.at, x.file, x.bytes, x.unknown);
  }
};

/// The small picture of a file. Absent while `file.name` is empty.
struct preview_file {
  made_file file;
  std::string thumbhash; ///< Base64 of a ThumbHash (https://evanw.github.io/thumbhash/).

  bool exists() const {
    return !file.name.empty();
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, preview_file& x) {
    return f(x.file, x.thumbhash);
  }
};

/// Why a file failed: a stable code and a sentence fit for its owner.
struct failure_reason {
  std::string code; ///< Empty: no failure.
  std::string message;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, failure_reason& x) {
    return f(x.code, x.message);
  }
};

/// Everything the server remembers of one file. What clients see of it is base/record_json.
struct file_record { // NOLINT(clang-analyzer-optin.performance.Padding): by meaning
  std::string id;    ///< ULID; upload, progress and file share it.
  std::string user;  ///< Id of its owner.
  std::string name;  ///< The client's name for it: data, never a path.
  mediad::profile profile = mediad::profile::other;
  std::string media_type = "application/octet-stream";
  std::uint64_t bytes = 0;
  std::string sha256; ///< Lower-case hex; empty while receiving.
  status state = status::receiving;
  stage now_at = stage::none; ///< Only while processing.
  double progress = 0;        ///< 0..1 over the whole processing.
  std::uint32_t attempt = 0;  ///< Counts from 1 once processing has begun.
  preview_file preview;
  std::string media = "{}"; ///< A JSON object: what the profile knows (width, duration, pages …).
  std::vector<made_file> renditions;
  made_file archive; ///< Absent while its name is empty. `bytes` counts the splices, too.
  failure_reason failure;
  unix_ms created_at = 0;
  unix_ms updated_at = 0;
  unix_ms modified_at = 0; ///< The file's own date, as its client says it; 0: not known.
  unix_ms taken_at = 0;    ///< When what it shows was taken, as its bytes say it; 0: not known.
  unix_ms deleted_at = 0;  ///< When it went to the trash; 0: it is not there.

  // What its owner says of it.
  std::vector<std::string> tags; ///< None is there twice.
  bool favourite = false;
  std::string description;
  std::string metadata = "{}"; ///< A JSON object of the owner's.
  std::uint64_t revision = 0;  ///< How often its owner has changed it.

  // Private: never shown to clients.
  std::uint64_t seq = 0;   ///< Number of the newest event; 0 before the first.
  std::string link_name;   ///< Its unique real name in the user's folder; empty before commit.
  std::string request_key; ///< The `Idempotency-Key` it came with; empty: none.
  bool is_part = false;    ///< Part of a concatenation (tus); hidden from listings.
  /// They are sorted by `at`. If there are any, archive::sha256 is that of the archive's own
  /// file, which holds the digests of all of them: as good an ETag, but no digest of the whole.
  std::vector<splice> splices;
  std::string folder; ///< Id of the folder it is in; empty: its owner's root folder.
  /// Id of the token that sent it, if that could not read, of the share by which a guest did, or of
  /// the user who did so into a folder of another user's; empty: its owner sent it.
  std::string sender;
  damage harm = damage::none; ///< What an inspection has found of its bytes, and could not heal.
  /// Fields that a newer release has stored, in the form of the row: kept, and never read.
  std::string unknown;

  // Not stored with the record, but read along with it: both may change at any time.
  std::string user_name;   ///< Its owner's name.
  std::string folder_path; ///< Path of `folder` from the root folder: `2026/summer`.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, file_record& x) {
    return f(x.id, x.user, x.name, x.profile, x.media_type, x.bytes, x.sha256, x.state, x.now_at,
             x.progress, x.attempt, x.preview, x.media, x.renditions, x.archive, x.failure,
             x.created_at, x.updated_at, x.modified_at, x.seq, x.link_name, x.request_key,
             x.is_part, x.splices, x.folder, x.sender, x.harm, x.unknown, x.user_name,
             x.folder_path, x.taken_at, x.tags, x.favourite, x.description, x.metadata, x.revision,
             x.deleted_at);
  }
};

} // namespace mediad
