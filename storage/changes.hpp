#pragma once

#include "base/event.hpp"
#include "base/record.hpp"
#include "base/upload.hpp"
#include "storage/file_changes.hpp"
#include "storage/people_changes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Everything that can happen to what is stored: values, so that they can wait in a mailbox. A
/// change for which no client waits has a member `can_wait` that is true.
namespace mediad::storage {

/// What a client calls a request that it may repeat (`Idempotency-Key`): the first one counts.
struct request_key {
  std::string key;         ///< Empty: the request has none.
  std::string fingerprint; ///< Names what was asked; another one under the same key is a mistake.
  std::string request;     ///< Unique to the one HTTP request, which may create several files.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, request_key& x) {
    return f(x.key, x.fingerprint, x.request);
  }
};

/// A body is about to arrive. Creates a `receiving` record and its empty staging file. No event.
/// Errors: not_found if there is no such user or folder, or the share it is sent by is gone;
/// storage_full; quota_exceeded, of the share's limits, too; too_many if
/// the user has max_open uploads that wait to be resumed; conflict if the request's key is taken.
struct new_upload {
  new_upload() = default;
  new_upload(std::string whose, std::string called)
    : user{std::move(whose)}, name{std::move(called)} {}

  std::string id;        ///< A new ULID, or empty: then one is made.
  std::string user;      ///< Id of its owner.
  std::string folder;    ///< Id of one of the owner's folders; empty: the root folder.
  std::string sender;    ///< As in file_record.
  bool by_guest = false; ///< `sender` is a share, whose guest sends it, and whose limits count.
  std::string name;      ///< The client's name; cleaned (NFC, ≤ 255 bytes, no control characters)
                         ///< before it is kept.
  std::uint64_t length = unknown_length;
  unix_ms modified_at = 0; ///< As in file_record.
  request_key key;
  /// What makes it survive the connection, and a restart; ignored unless `resumable`: metadata,
  /// concat, parts, wanted_sha256, expires_at.
  bool resumable = false;
  upload_state terms;
  /// A preview may be made while it arrives: makes the empty work folder of attempt 0, which goes
  /// when the first attempt begins, or with the record.
  bool early_preview = false;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, new_upload& x) {
    return f(x.id, x.user, x.folder, x.sender, x.by_guest, x.name, x.length, x.modified_at, x.key,
             x.resumable, x.terms, x.early_preview);
  }
};

/// More bytes of a resumable upload are synced in staging, or its length has become known, or it
/// and its parts expire later. Its state then is what a restart goes on from. No event. Errors:
/// not_found, of a part, too; conflict if it is complete, or the offset or a known length would
/// shrink or contradict each other.
struct appended {
  std::string id;
  std::uint64_t length = unknown_length;
  std::uint64_t offset = 0;
  std::string hash;      ///< sha256::save() of the bytes up to the offset.
  bool complete = false; ///< Only a partial upload sets it: any other is completed by its arrival.
  /// The offset may be the length although it is not complete: its client will say so by itself.
  bool stays_open = false;
  unix_ms expires_at = 0;
};

/// The whole body is in staging, and so is its name: both are synced. Moves it into the store (or
/// counts one more user of bytes already there), links it into the user's folder. Event
/// `file.registered`. Asking again for a registered id answers with its record and announces
/// nothing. Errors: not_found, also if its folder was removed meanwhile; those of new_upload;
/// other_profile if it is of none of those that it, or the share by which it was sent, may be of.
struct arrival {
  std::string id;
  std::uint64_t bytes = 0;
  std::string sha256;
  mediad::profile profile = mediad::profile::other;
  std::string media_type;
  std::string media = "{}";
  unsigned profiles = 0; ///< Those that it may be of, as is_among() reads them.
  /// Creates the record, too, unless there is one. Without a user: it was begun before.
  new_upload fresh;
  /// What the store has under this digest is damaged: these bytes replace it.
  bool replaces_stored = false;
};

/// What the bytes of a registered file are, if its record was made without a look at them: when the
/// database was restored. No event: that of the first attempt follows. Errors: not_found; conflict
/// unless it is `registered`.
struct identified {
  std::string id;
  mediad::profile profile = mediad::profile::other;
  std::string media_type;
  std::string media = "{}"; ///< It is merged into the record's.
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
  bool can_wait = false; ///< No client waits for this one.
  /// Attempt 0's work folder stays: a new_preview that is_early follows, perhaps in a later group.
  bool keeps_early = false;
};

/// The attempt's preview is in its work folder, or in that of attempt 0; moves it into place. Event
/// `file.preview`.
struct new_preview {
  std::string id;
  std::uint32_t attempt = 1;
  bool is_early = false; ///< Made while the file arrived; it is in attempt 0's work folder.
  preview_file preview;  ///< `preview.file.name` is in the work folder.
  /// `other`: leave the record's profile as it is.
  mediad::profile profile = mediad::profile::other;
  std::string media = "{}"; ///< It is merged into the record's.
};

/// All of an attempt's files are in its work folder; moves them into place. Event `file.ready`.
struct finished_attempt {
  static constexpr bool can_wait = true;

  std::string id;
  std::uint32_t attempt = 1;
  std::vector<made_file> renditions;
  made_file archive;
  std::vector<splice> splices; ///< The record's splices, see file_record::splices.
  std::string media = "{}";    ///< It is merged into the record's.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, finished_attempt& x) {
    return f(x.id, x.attempt, x.renditions, x.archive, x.splices, x.media);
  }
};

/// Removes a record and all that came of it; the bytes go with their last user. Event
/// `file.deleted` unless it was still `receiving`.
struct removal {
  std::string id;
};

/// An operator's message. Event `notice`.
struct notice {
  std::string user; ///< Id; empty: to all.
  std::string text;
};

/// From now on nobody can use a request key that is for one use, nor go on with what came of it. No
/// event. Errors: bad_request unless is_one_use(); not_found if there is no such user.
struct key_end {
  std::string user; ///< Id.
  std::string key;
};

/// Removes expired uploads with their bytes, and old request keys.
/// No event.
struct sweep {
  static constexpr bool can_wait = true;

  std::uint32_t at_most = 256; ///< Uploads, and keys, in one go.
};

// What an inspection (storage/inspection.hpp) finds, and a start. By the time they are applied what
// they are about may have changed: each looks again, and does nothing then. No events.

/// Makes good what is at these places: a file of ours that no row promises goes, a name in a
/// person's folder that is missing or has another length is linked again, an upload whose bytes are
/// gone is given up. Whatever else is there is left alone.
struct mending {
  static constexpr bool can_wait = true;

  std::vector<std::string> paths; ///< Relative to the root.
  /// Names whose bytes are not those in the store are linked again, too: those there are known to
  /// be right.
  bool relinks = false;
};

/// The right bytes of a blob that was damaged are in the work folder, synced; moves them into
/// place.
struct restored {
  static constexpr bool can_wait = true;

  std::string sha256;
  std::string name;            ///< Name in `system/work`.
  std::uint64_t bad_inode = 0; ///< The file whose bytes are wrong, if its length is right.
};

/// What was made of a file is lost: forgets it, so that the file is processed again. One that was
/// cancelled is not.
struct lost_results {
  static constexpr bool can_wait = true;

  std::string id;
  std::uint64_t seq = 0; ///< Number of the record's newest event when the loss was seen.
};

/// Notes in a record what the disk has done to its bytes, or that they are well again.
struct found_damage {
  static constexpr bool can_wait = true;

  std::string id;
  damage what = damage::none;
};

/// The bytes of these blobs have been read, and are right.
struct verified {
  static constexpr bool can_wait = true;

  std::vector<std::string> digests;
};

/// What users take up is counted wrongly: counts it again.
struct recount {
  static constexpr bool can_wait = true;
};

/// A file is missing in a list: the next start makes all lists anew.
struct unlisted {
  static constexpr bool can_wait = true;
};

using change =
  std::variant<new_upload, appended, arrival, identified, transition, new_preview, finished_attempt,
               removal, file_change, trashing, restoration, trash_clearance, notice, key_end, sweep,
               new_user, user_rename, user_change, user_removal, user_clearance, new_sign_in_link,
               sign_in_link_use, second_factor_change, second_factor_use, new_credential,
               credential_removal, credential_use, credential_sweep, audited, new_share,
               share_change, share_removal, share_use, new_folder, folder_move, folder_removal,
               folder_grants, mending, restored, lost_results, found_damage, verified, recount,
               unlisted>;

/// Whether no client waits for @p c: changes that a client waits for go first.
inline bool can_wait(const change& c) {
  const auto ask = [](const auto& one) {
    if constexpr (requires { one.can_wait; })
      return one.can_wait;
    else
      return false;
  };
  return std::visit(ask, c);
}

/// What one change led to.
struct applied {
  file_record record;                  ///< Record after the change; no id if it was about no file.
  std::optional<mediad::event> event;  ///< What subscribers must hear; already durable.
  std::string id;                      ///< Id of the user or folder that was made or changed.
  std::vector<mediad::event> others{}; ///< More of them, if the change was about several files.
  std::size_t removed = 0; ///< Names that a mending has removed; what of a user has gone.
  std::size_t made = 0;    ///< Names that a mending has made.
};

} // namespace mediad::storage
