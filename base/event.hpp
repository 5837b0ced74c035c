#pragma once

#include <cstdint>
#include <string>

namespace mediad {

/// One line of the server's public history: stored, replayable, numbered.
struct event {
  std::uint64_t seq = 0; ///< Strictly increasing over the life of the database, from 1, no holes.
  std::string type;      ///< `file.ready`, `notice` …
  std::string file_id;   ///< Empty for a notice.
  std::string user;      ///< Whose it is; empty: everybody's.
  std::string text;      ///< The whole JSON frame as clients get it; serialised once for all.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, event& x) {
    return f(x.seq, x.type, x.file_id, x.user, x.text);
  }
};

/// Something worth showing now and worth nothing later: never stored, no number, the newest of
/// one type and file replaces those that still wait.
struct live_event {
  std::string type; ///< `file.progress` or `upload.progress`.
  std::string file_id;
  std::string user;
  std::string text; ///< The whole JSON frame.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, live_event& x) {
    return f(x.type, x.file_id, x.user, x.text);
  }
};

} // namespace mediad
