#pragma once

#include "base/account.hpp"
#include "base/share.hpp"
#include "base/types.hpp"
#include "storage/catalog/tagged.hpp"

/// What the tags of each kind of value stand for. A tag is never given another meaning, and never
/// given away again: a release that needs a field takes the next free number. *Reserved* are
/// fields that no release fills yet: a release that needs one takes that number. docs/formats.md
/// has the same lists.
namespace mediad::storage {

/// Tags of a file's record, in `files` and in events; made_file is within it.
namespace record_tag {
inline constexpr field_tag user = 1, name = 2, profile = 3, media_type = 4, bytes = 5, sha256 = 6,
                           state = 7, stage = 8, progress = 9, attempt = 10, preview = 11,
                           thumbhash = 12, media = 13, renditions = 14, archive = 15, splices = 16,
                           failure_code = 17, failure_message = 18, created_at = 19,
                           updated_at = 20, seq = 21, link_name = 22, request_key = 23,
                           is_part = 24, folder = 25, taken_at = 30, modified_at = 31, damage = 32,
                           sender = 34;
// Reserved. version_of: id of the file that this upload is a later version of; that file keeps its
// id for ever. external: where the bytes are, if the server does not hold them itself.
inline constexpr field_tag version_of = 26, crc32 = 27, verified_at = 28, deleted_at = 29,
                           external = 33;
} // namespace record_tag

/// Tags of a derived file, within a record. Reserved: crc32.
namespace made_tag {
inline constexpr field_tag name = 1, media_type = 2, width = 3, height = 4, bytes = 5, sha256 = 6,
                           crc32 = 7;
} // namespace made_tag

/// Tags of a splice, within a record.
namespace splice_tag {
inline constexpr field_tag at = 1, file = 2, bytes = 3;
} // namespace splice_tag

/// Tags of a row in `by_user`. Reserved: deleted_at, taken_at.
namespace entry_tag {
inline constexpr field_tag state = 1, profile = 2, made = 3, deleted_at = 4, taken_at = 5;
} // namespace entry_tag

/// Tags of a row in `blobs`. Reserved: crc32, damage, external.
namespace blob_tag {
inline constexpr field_tag bytes = 1, users = 2, crc32 = 3, verified_at = 4, damage = 5,
                           external = 6;
} // namespace blob_tag

/// Tags of a row in `usage`.
namespace usage_tag {
inline constexpr field_tag bytes = 1, files = 2, open_bytes = 3, open_uploads = 4;
} // namespace usage_tag

/// Tags of a row in `uploads`.
namespace upload_tag {
inline constexpr field_tag user = 1, length = 2, offset = 3, hash = 4, complete = 5, metadata = 6,
                           concat = 7, parts = 8, wanted_sha256 = 9, expires_at = 10;
} // namespace upload_tag

/// Tags of a row in `keys`.
namespace key_tag {
inline constexpr field_tag fingerprint = 1, request = 2, files = 3, created_at = 4;
} // namespace key_tag

/// Tags of a row in `links`.
namespace link_tag {
inline constexpr field_tag id = 1, name = 2, is_folder = 3;
} // namespace link_tag

/// Tags of a row in `users`.
namespace user_tag {
inline constexpr field_tag name = 1, created_at = 2, display_name = 3, role = 4, quota = 5,
                           disabled_at = 6, password = 7, password_at = 8, leaving_since = 9;
} // namespace user_tag

/// Tags of a row in `credentials`. Reserved: folder, the only one that a token reaches.
namespace credential_tag {
inline constexpr field_tag user = 1, kind = 2, digest = 3, name = 4, scopes = 5, created_at = 6,
                           expires_at = 7, used_at = 8, proved_at = 9, address = 10, agent = 11,
                           folder = 12;
} // namespace credential_tag

/// Tags of a row in `audit`.
namespace audit_tag {
inline constexpr field_tag at = 1, act = 2, user = 3, name = 4, credential = 5, address = 6,
                           about = 7, count = 8;
} // namespace audit_tag

/// Tags of a row in `shares`. Reserved: folder, the one that is shown, or into which guests send.
namespace share_tag {
inline constexpr field_tag user = 1, digest = 2, allow = 3, files = 4, name = 5, created_at = 6,
                           expires_at = 7, password = 8, credential = 9, originals = 10,
                           max_files = 11, max_bytes = 12, profiles = 13, sent_files = 14,
                           sent_bytes = 15, uses = 16, used_at = 17, folder = 18;
} // namespace share_tag

/// Tags of a row in `user_names`.
namespace user_name_tag {
inline constexpr field_tag id = 1;
} // namespace user_name_tag

/// Tags of a row in `folders`. Reserved: deleted_at.
namespace folder_tag {
inline constexpr field_tag user = 1, parent = 2, name = 3, created_at = 4, deleted_at = 5;
} // namespace folder_tag

/// Tags of a row in `events`.
namespace event_tag {
inline constexpr field_tag type = 1, user = 2, file_id = 3, at = 4, file = 5, message = 6;
} // namespace event_tag

/// Tags of a counter in `meta`.
namespace counter_tag {
inline constexpr field_tag number = 1;
} // namespace counter_tag

// The words of base/types.hpp are stored as their numbers.
template <>
inline constexpr profile last_of<profile> = profile::document;
template <>
inline constexpr status last_of<status> = status::cancelled;
template <>
inline constexpr stage last_of<stage> = stage::archive;
template <>
inline constexpr damage last_of<damage> = damage::changed;
template <>
inline constexpr user_role last_of<user_role> = user_role::admin;
template <>
inline constexpr credential_kind last_of<credential_kind> = credential_kind::token;
template <>
inline constexpr share_allow last_of<share_allow> = share_allow::upload;

} // namespace mediad::storage
