#pragma once

#include "base/error.hpp"
#include "base/types.hpp"
#include "storage/changes.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace mediad::storage {

class database; // storage/catalog/database.hpp
class folders;  // storage/tree/folders.hpp

/// How an inspection goes about it.
struct inspection_terms {
  std::uint64_t looks_per_second = 0; ///< Names looked at; 0: as many as it can.
  bool verifies = false;              ///< Reads all stored bytes, too.
  std::uint64_t bytes_per_second = 0; ///< Bytes read; 0: as many as it can.
};

/// A file whose bytes are damaged, and nowhere else.
struct lost_file {
  std::string id;
  std::string name;
  damage what = damage::none;
};

/// What an inspection has found so far.
struct inspection_report {
  std::uint64_t files = 0;          ///< Records that were compared with the disk.
  std::uint64_t all_files = 0;      ///< Records there were when it began.
  std::uint64_t verified_bytes = 0; ///< Bytes read.
  std::uint64_t all_bytes = 0;      ///< Bytes to read; 0 unless it verifies.
  std::uint64_t names = 0;          ///< Names on disk that were compared with the rows.
  std::size_t names_removed = 0;    ///< Leftovers that no row knows.
  std::size_t names_made = 0;       ///< Names in people's folders that were missing.
  std::size_t healed = 0;           ///< Files whose bytes came back from another name of theirs.
  std::size_t made_again = 0;       ///< Files that are processed again, as results were lost.
  std::size_t lost = 0;             ///< Files whose bytes are damaged for good.
  std::vector<lost_file> first_lost;
  std::size_t unreadable = 0;    ///< Records that cannot be read.
  std::size_t unknown_blobs = 0; ///< More than a crash leaves: kept, as the database may be old.
  bool was_recounted = false;    ///< What users take up was wrong.
  bool were_lists_wrong = false; ///< The next start makes them anew.

  /// Whether nothing is lost by now.
  bool is_well() const {
    return lost == 0 && unreadable == 0 && unknown_blobs == 0;
  }
};

/// What an inspection needs of others.
struct inspection_hooks {
  /// Has the storage's owner apply a change, and waits for it.
  std::function<result<applied>(change)> apply;
  /// Hears of each file that is `registered` again because results were lost; may be empty.
  std::function<void(const std::string& id)> lost_results;
  /// Hears how far it is, a few times a second; may be empty.
  std::function<void(const inspection_report&)> tell;
  std::stop_token ending;
};

/// Compares everything that is stored with the rows, and heals what it can: a blob that is missing,
/// cut short or (if it verifies) changed comes back from a person's name for it, if that still has
/// the right bytes; what was made of a file is made again; missing names in people's folders are
/// linked, leftovers removed. What cannot be healed is noted in the record. May run beside the
/// owner of the storage, from another thread: it changes nothing but through hooks.apply.
/// @returns cancelled if it was asked to end.
result<inspection_report> inspect(const database& db, const folders& root,
                                  const inspection_terms& terms, const inspection_hooks& hooks);

} // namespace mediad::storage
