#pragma once

#include "base/error.hpp"
#include "base/record.hpp"
#include "base/upload.hpp"
#include "net/access/caller.hpp"
#include "storage/view.hpp"

#include <cstdint>
#include <string_view>

/// The one place that says whether a caller may see a file: a user sees what is theirs, and what is
/// in folders that they have been granted (net/access/folder_access), a program that may only
/// upload sees what it has sent, and a guest what is shared. What
/// belongs to another user is not found, so that no answer tells whether an id exists. A list, a
/// quota or an event stream is asked for by the caller's id and holds nothing of others.
namespace mediad::net {

/// What becomes of a file that is in the trash.
enum class in_trash : std::uint8_t { hidden, shown };

/// @returns errc::not_found for an unknown id, for another user's file, and for what is in the
/// trash
///          and hidden there; the errors of the view.
result<file_record> find_own_file(const storage::view& stored, const caller& asker,
                                  std::string_view id, in_trash trash = in_trash::hidden);

/// The state of a resumable upload, or of the file that came of one; likewise.
result<upload_state> find_own_upload(const storage::view& stored, const caller& asker,
                                     std::string_view id);

} // namespace mediad::net
