#pragma once

#include "base/record.hpp"
#include "base/share.hpp"
#include "base/user_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mediad {

/// One line of the server's public history: stored, replayable, numbered. What is stored are the
/// facts; the frame that clients get is made of them when it is told (base/event_json).
struct event {
  /// Strictly increasing over the life of the database, from 1, no holes. To clients it is a cursor
  /// that grows within one user's events, and no more.
  std::uint64_t seq = 0;
  std::string type;    ///< `file.ready`, `share.created`, `notice` …
  std::string file_id; ///< Id of the file or folder that it is about; empty for a notice, a share.
  std::string user;    ///< Id of the user it concerns; empty: it concerns every user.
  unix_ms at = 0;
  file_record file;    ///< The record as it was then; that of a notice has no id.
  folder_row folder;   ///< The folder as it was then; of another event it has no id.
  std::string message; ///< Text of a notice.
  share_row share;     ///< The share as it was then, without_secrets(); no id: it is about none.
  /// Ids of the folder that it is about, or that its file is in, and of those above. Not stored:
  /// folders may move.
  std::vector<std::string> folders{};
  std::vector<std::string> hearers{}; ///< Ids of users who hear it beside `user`; not stored.
  std::string text;                   ///< The frame, once it is made; all sessions get the same.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, event& x) {
    return f(x.seq, x.type, x.file_id, x.user, x.at, x.file, x.folder, x.message, x.share,
             x.folders, x.hearers, x.text);
  }
};

/// Something worth showing now and worth nothing later: never stored, no number, the newest of
/// one type and file replaces those that still wait.
struct live_event {
  std::string type; ///< `file.progress` or `upload.progress`.
  std::string file_id;
  std::string user; ///< Id.
  std::string text; ///< The whole JSON frame.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, live_event& x) {
    return f(x.type, x.file_id, x.user, x.text);
  }
};

} // namespace mediad
